// GitHub (docs.github.com/webhooks, "Validating webhook deliveries"): `X-Hub-Signature-256: sha256=<hex>`,
// HMAC-SHA256 over the body; no time is signed. `X-GitHub-Delivery` names a delivery, and is the same when it
// is delivered again.
import {
  anyFits,
  fromHex,
  hmacSha256,
  type SignedMessage,
  type Trust,
  type Verdict,
} from './signed-message.ts';

export function verifyGithub(message: SignedMessage, trust: Trust): Verdict {
  const header = message.header('x-hub-signature-256');
  const signature = header?.startsWith('sha256=') === true ? fromHex(header.slice('sha256='.length)) : null;
  if (signature === null) return { refusal: 'X-Hub-Signature-256 is needed, once, as sha256=<hex>' };
  const expected = trust.secrets.map((secret) => hmacSha256(secret, message.body));
  const fits = anyFits([signature], expected);
  return fits
    ? { messageId: message.header('x-github-delivery') }
    : { refusal: 'the signature does not fit' };
}
