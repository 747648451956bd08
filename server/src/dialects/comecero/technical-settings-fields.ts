// What a body may say of the technical settings, and what must hold of them (docs/specs/comecero.md section
// 5). Pure. The console sends back everything that it once read: what isn't a field of ours is ignored.
import { z } from 'zod';
import type { Mode } from '../../accounts/account.ts';
import type { AccountSettings } from '../../accounts/account-settings-store.ts';
import { fail } from '../../errors/failure.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import { optionalText } from './event-subscription-fields.ts';
import { parseTimezone } from './resource-view.ts';

export type TechnicalSettings = Omit<AccountSettings, 'sealedSignatureKey'> & {
  /** null: there is none. */
  signatureKey: string | null;
};

const MOST_ADDRESSES = 50;
const MOST_ADDRESS_CHARACTERS = 500;
const HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?$/i;

const addresses = z
  .array(storableText(MOST_ADDRESS_CHARACTERS), 'must be a list of texts')
  .max(MOST_ADDRESSES, `must have at most ${MOST_ADDRESSES} entries`)
  .nullish()
  .transform((list) =>
    list === undefined ? undefined : (list ?? []).map((one) => one.trim()).filter(Boolean),
  );

export const technicalSettingsBody = z.object(
  {
    timezone: storableText(100).nullish(),
    app_hosts: addresses,
    cors_allowed_origins: addresses,
    oauth_redirect_uris: addresses,
    allow_public_limited_test_tokens: z.boolean('must be true or false').optional(),
    signature_key: optionalText(500),
  },
  'must be a JSON object',
);

/**
 * The settings that result from what is there and what was said.
 * @throws Failure `invalid_input` naming the field and the rule
 */
export function mergeTechnicalSettings(
  stored: TechnicalSettings,
  sent: unknown,
  mode: Mode,
): TechnicalSettings {
  const said = readInput(technicalSettingsBody, sent, 'the request body');
  const whole = {
    timeZone: said.timezone === undefined ? stored.timeZone : parseTimezone(said.timezone ?? ''),
    appHosts: said.app_hosts ?? stored.appHosts,
    corsAllowedOrigins: said.cors_allowed_origins ?? stored.corsAllowedOrigins,
    oauthRedirectUris: said.oauth_redirect_uris ?? stored.oauthRedirectUris,
    allowPublicTestTokens: said.allow_public_limited_test_tokens ?? stored.allowPublicTestTokens,
    signatureKey: said.signature_key === undefined ? stored.signatureKey : said.signature_key,
  };
  requireEach('app_hosts', whole.appHosts, hostProblem);
  requireEach('cors_allowed_origins', whole.corsAllowedOrigins, (text) => originProblem(text, mode));
  requireEach('oauth_redirect_uris', whole.oauthRedirectUris, redirectProblem);
  return whole;
}

function requireEach(
  field: string,
  texts: readonly string[],
  problemOf: (text: string) => string | null,
): void {
  for (const text of texts) {
    const problem = problemOf(text);
    if (problem !== null)
      fail('invalid_input', { message: `${field}: ${JSON.stringify(text)} ${problem}`, field });
  }
}

function hostProblem(text: string): string | null {
  return HOST.test(text) ? null : 'is not a host name such as shop.example.com';
}

/** Live pages are served over TLS; on the desk of a developer they may not be. */
function originProblem(text: string, mode: Mode): string | null {
  const url = URL.parse(text);
  if (url === null || url.origin !== text) return 'is not an origin such as https://my.domain.com';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && mode === 'test')) return null;
  return mode === 'test' ? 'must begin with https:// or http://' : 'must begin with https://';
}

function redirectProblem(text: string): string | null {
  const url = URL.parse(text);
  const isAddress = url !== null && ['https:', 'http:'].includes(url.protocol) && url.hash === '';
  return isAddress ? null : 'is not an address such as https://my.domain.com/redirect/here';
}
