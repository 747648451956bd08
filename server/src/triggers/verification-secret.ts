// What a secret of each verification scheme looks like, so that a mistyped one is refused where it is set and
// not by silence at the first delivery. Pure.
import type { VerificationScheme } from './trigger.ts';

export const SCHEMES = [
  'standard_webhooks',
  'stripe',
  'shopify',
  'github',
  'slack',
] as const satisfies VerificationScheme[];

const LONGEST = 1_000;
const SHORTEST = 8;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/**
 * @returns the rule that a secret breaks, as the end of a sentence; null: it is fine. Never repeats the
 * secret.
 */
export function secretProblem(scheme: VerificationScheme, secret: string): string | null {
  if (secret.length > LONGEST) return `must have at most ${LONGEST} characters`;
  if (/[^\x20-\x7e]/.test(secret)) return 'must be of printable ASCII characters';
  if (secret.trim() !== secret) return 'must not begin or end with a blank';
  if (secret.length < SHORTEST) return `must have at least ${SHORTEST} characters`;
  if (scheme === 'standard_webhooks') return standardProblem(secret);
  if (scheme === 'stripe' && !secret.startsWith('whsec_')) {
    return 'must be the signing secret of a Stripe endpoint, which begins with whsec_';
  }
  return null;
}

/**
 * Standard Webhooks: base64 of random bytes (24 to 64, by the book) behind `whsec_`, which may be missing.
 */
function standardProblem(secret: string): string | null {
  const text = secret.replace(/^whsec_/, '');
  const bytes = BASE64.test(text) ? Buffer.from(text, 'base64').length : 0;
  if (bytes >= 16 && bytes <= 128) return null;
  return 'must be base64 of 16 to 128 bytes, with or without whsec_ before it';
}
