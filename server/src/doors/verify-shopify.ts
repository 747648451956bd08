// Shopify (shopify.dev/docs/apps/build/webhooks/verify-deliveries): `X-Shopify-Hmac-SHA256`, base64 of
// HMAC-SHA256 over the body with the app's client secret; no time is signed. `X-Shopify-Webhook-Id` names
// repeated deliveries. Newer deliveries spell both headers without `X-`.
import { anyFits, hmacSha256, type SignedMessage, type Trust, type Verdict } from './signed-message.ts';

export function verifyShopify(message: SignedMessage, trust: Trust): Verdict {
  const read = (name: string): string | null => message.header(`x-${name}`) ?? message.header(name);
  const signature = read('shopify-hmac-sha256');
  if (signature === null) return { refusal: 'X-Shopify-Hmac-SHA256 is needed, once' };
  const expected = trust.secrets.map((secret) => hmacSha256(secret, message.body));
  const fits = anyFits([Buffer.from(signature, 'base64')], expected);
  return fits ? { messageId: read('shopify-webhook-id') } : { refusal: 'the signature does not fit' };
}
