// The headers of Standard Webhooks (github.com/standard-webhooks/standard-webhooks) over a body. Pure.
import { createHmac } from 'node:crypto';

const ENCODED_KEY = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/**
 * @param id the same with every attempt
 * @param signatureKeys each signs: `whsec_` and base64, as Standard Webhooks has it; any other text counts as
 * its UTF-8 bytes. null: none
 */
export function standardWebhookHeaders(
  id: string,
  sentAtMs: number,
  body: Buffer,
  signatureKeys: readonly (string | null)[],
): Record<string, string> {
  const timestamp = String(Math.floor(sentAtMs / 1000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  const signatures = signatureKeys.flatMap((key) => {
    if (key === null) return [];
    const mac = createHmac('sha256', keyBytes(key)).update(`${id}.${timestamp}.`).update(body);
    return [`v1,${mac.digest('base64')}`];
  });
  return signatures.length === 0 ? headers : { ...headers, 'webhook-signature': signatures.join(' ') };
}

function keyBytes(key: string): Buffer {
  const encoded = ENCODED_KEY.exec(key)?.[1];
  return encoded === undefined ? Buffer.from(key) : Buffer.from(encoded, 'base64');
}
