// Stripe (docs.stripe.com/webhooks, "Verify webhook signatures manually"): `Stripe-Signature:
// t=<time>,v1=<hex>,...`, HMAC-SHA256 over `<time>.<body>` with the endpoint's secret as it is written. A
// repeated delivery is signed anew, with its own time: what stays is the event's id in the body.
import {
  anyFits,
  fingerprint,
  fromHex,
  hmacSha256,
  jsonMember,
  type SignedMessage,
  type Trust,
  timeProblem,
  type Verdict,
} from './signed-message.ts';

const MOST_PARTS = 20;

export function verifyStripe(message: SignedMessage, trust: Trust): Verdict {
  const header = message.header('stripe-signature');
  if (header === null) return { refusal: 'Stripe-Signature is needed, once' };
  const parts = header.split(',').slice(0, MOST_PARTS);
  const valuesOf = (name: string): string[] =>
    parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
  const [time, ...others] = valuesOf('t');
  if (time === undefined || others.length > 0) return { refusal: 'Stripe-Signature has no time' };
  const late = timeProblem(time, trust);
  if (late !== null) return { refusal: late };
  const signatures = valuesOf('v1').flatMap((text) => fromHex(text) ?? []);
  const expected = trust.secrets.map((secret) => hmacSha256(secret, `${time}.`, message.body));
  if (!anyFits(signatures, expected)) return { refusal: 'no signature fits' };
  return { messageId: jsonMember(message.body, 'id') ?? fingerprint(time, message.body) };
}
