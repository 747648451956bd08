// The settings of web sites that call functions: which hosts belong to whom, which pages may call, how
// visitors are known. Pure; part of config.ts, which reports all problems at once.
import type { SettingReader } from './setting-reader.ts';

export type SiteSettings = {
  /** Hosts that belong to one account. MILLRACE_DOMAINS */
  domains: DomainRule[];
  /** `*`, or origins, each possibly with `*.` for its subdomains; empty: none. MILLRACE_CORS_ORIGINS */
  corsOrigins: string[];
  /** Checks the cookie that says who a visitor is; null: no such cookie counts. MILLRACE_CONTACT_KEY */
  contactKey: string | null;
  /** Is asked who a visitor is; null: nobody. MILLRACE_CONTACT_URL */
  contactUrl: string | null;
};

/** `portal`: an account's number, or a portal id of it; with `.test` behind it its test world. */
export type DomainRule = { domain: string; portal: string };

export const SITE_SETTING_NAMES = [
  'MILLRACE_DOMAINS',
  'MILLRACE_CORS_ORIGINS',
  'MILLRACE_CONTACT_KEY',
  'MILLRACE_CONTACT_URL',
] as const;

/** A host name, or an address, without port. */
export const DOMAIN_PATTERN =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
export const PORTAL_PATTERN = /^[1-9][0-9]{0,14}(\.test)?$/;

type Read = Pick<SettingReader, 'text' | 'list'>;

const SHORTEST_KEY = 32;

export function parseSiteSettings({ text, list }: Read, problems: string[]): SiteSettings {
  const contactKey = text('MILLRACE_CONTACT_KEY');
  if (contactKey !== null && contactKey.length < SHORTEST_KEY) {
    problems.push(`MILLRACE_CONTACT_KEY must have at least ${SHORTEST_KEY} characters`);
  }
  const contactUrl = text('MILLRACE_CONTACT_URL');
  if (contactUrl !== null && !/^https?:\/\//.test(URL.canParse(contactUrl) ? contactUrl : '')) {
    problems.push('MILLRACE_CONTACT_URL must be an http or https address');
  }
  return {
    domains: list('MILLRACE_DOMAINS').map((rule) => parseDomain(rule, problems)),
    corsOrigins: parseOrigins(list('MILLRACE_CORS_ORIGINS'), problems),
    contactKey,
    contactUrl,
  };
}

function parseDomain(rule: string, problems: string[]): DomainRule {
  const [domain = '', portal = '', rest] = rule.split('=').map((part) => part.trim());
  const name = domain.toLowerCase();
  if (rest !== undefined || !DOMAIN_PATTERN.test(name) || !PORTAL_PATTERN.test(portal)) {
    problems.push(`MILLRACE_DOMAINS: ${JSON.stringify(rule)} is not like www.example.com=1001`);
  }
  return { domain: name, portal };
}

function parseOrigins(given: string[], problems: string[]): string[] {
  if (given.length === 0) return ['*'];
  if (given.length === 1 && given[0] === 'none') return [];
  for (const origin of given) {
    if (origin !== '*' && !/^https?:\/\/(\*\.)?[a-z0-9.[\]:-]+$/i.test(origin)) {
      problems.push(
        `MILLRACE_CORS_ORIGINS: ${JSON.stringify(origin)} is not *, none or an origin such as https://www.example.com`,
      );
    }
  }
  return given.map((origin) => origin.toLowerCase());
}
