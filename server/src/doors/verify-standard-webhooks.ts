// Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec): `webhook-id`, `webhook-timestamp`
// and `webhook-signature`, the last a list of `v1,<base64>`: HMAC-SHA256 over `<id>.<timestamp>.<body>`, the
// key being base64 behind `whsec_`. Svix, where it comes from, spells the headers `svix-`.
import {
  anyFits,
  hmacSha256,
  type SignedMessage,
  type Trust,
  timeProblem,
  type Verdict,
} from './signed-message.ts';

/** More signatures than anybody rotates keys. */
const MOST_SIGNATURES = 20;

export function verifyStandardWebhooks(message: SignedMessage, trust: Trust): Verdict {
  const read = (name: string): string | null =>
    message.header(`webhook-${name}`) ?? message.header(`svix-${name}`);
  const [id, time, listed] = [read('id'), read('timestamp'), read('signature')];
  if (id === null || time === null || listed === null) {
    return { refusal: 'webhook-id, webhook-timestamp and webhook-signature are needed, each once' };
  }
  const late = timeProblem(time, trust);
  if (late !== null) return { refusal: late };
  const signatures = listed
    .split(' ')
    .slice(0, MOST_SIGNATURES)
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'));
  const expected = trust.secrets.map((secret) =>
    hmacSha256(Buffer.from(secret.replace(/^whsec_/, ''), 'base64'), `${id}.${time}.`, message.body),
  );
  return anyFits(signatures, expected) ? { messageId: id } : { refusal: 'no signature fits' };
}
