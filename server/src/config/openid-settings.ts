// The settings of signing in by the operator's own provider (OpenID Connect). Pure; part of config.ts, which
// tells all problems at once.
import type { SettingReader } from './setting-reader.ts';

export type OpenidSettings = {
  /** null: people don't sign in that way. MILLRACE_OPENID_ISSUER */
  openidIssuer: string | null;
  /** There where the issuer is. MILLRACE_OPENID_CLIENT_ID */
  openidClientId: string | null;
  /** Likewise. MILLRACE_OPENID_CLIENT_SECRET */
  openidClientSecret: string | null;
  /** The claim that says what a person may do. MILLRACE_OPENID_CLAIM */
  openidClaim: string;
  /** What a value of the claim stands for; empty: the values say it themselves. MILLRACE_OPENID_ROLES */
  openidRoles: ReadonlyMap<string, string>;
  /** Whether an address counts of which the provider says nothing. MILLRACE_OPENID_TRUST_EMAIL */
  openidTrustEmail: boolean;
};

export const OPENID_SETTING_NAMES = [
  'MILLRACE_OPENID_ISSUER',
  'MILLRACE_OPENID_CLIENT_ID',
  'MILLRACE_OPENID_CLIENT_SECRET',
  'MILLRACE_OPENID_CLAIM',
  'MILLRACE_OPENID_ROLES',
  'MILLRACE_OPENID_TRUST_EMAIL',
] as const;

type Read = Pick<SettingReader, 'text' | 'list' | 'flag'>;

/** `operator`, or an account, by its id or with `@` by the operator's own, and a role. */
export const GRANT = /^(?:operator|(@[^:]{1,200}|[0-9A-Za-z]{1,64}):(owner|developer|viewer))$/;

const LOOPBACK = /^(localhost|127\.[0-9.]+|\[::1\])$/;

export function parseOpenidSettings({ text, list, flag }: Read, problems: string[]): OpenidSettings {
  const [issuer = null, clientId = null, clientSecret = null] = OPENID_SETTING_NAMES.slice(0, 3).map(text);
  const given = [issuer, clientId, clientSecret].filter((value) => value !== null).length;
  if (given !== 0 && given !== 3) {
    problems.push(
      'MILLRACE_OPENID_ISSUER, MILLRACE_OPENID_CLIENT_ID and MILLRACE_OPENID_CLIENT_SECRET are needed together',
    );
  }
  const url = issuer !== null && URL.canParse(issuer) ? new URL(issuer) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (issuer !== null && !isSafe) {
    problems.push('MILLRACE_OPENID_ISSUER must be an https address, or an http one of this machine');
  }
  const roles = new Map<string, string>();
  for (const rule of list('MILLRACE_OPENID_ROLES')) {
    const [, value = '', grant = ''] = /^([^=]+)=(.+)$/.exec(rule) ?? [];
    if (!GRANT.test(grant)) {
      problems.push(
        `MILLRACE_OPENID_ROLES: ${JSON.stringify(rule)} is not like admins=operator or shop=QX4711:developer`,
      );
    }
    roles.set(value, grant);
  }
  return {
    ...{ openidIssuer: issuer, openidClientId: clientId, openidClientSecret: clientSecret },
    ...{ openidClaim: text('MILLRACE_OPENID_CLAIM') ?? 'groups', openidRoles: roles },
    openidTrustEmail: flag('MILLRACE_OPENID_TRUST_EMAIL', false),
  };
}
