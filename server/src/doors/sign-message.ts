// Signs a message as the senders of each verification scheme do, so that an owner can try a webhook without
// its sender. What a scheme checks is written in the verify- file beside this one. Pure. Called by
// send-test-message.ts.
import type { VerificationScheme } from '../triggers/trigger.ts';
import { hmacSha256 } from './signed-message.ts';

export type Signing = {
  secret: string;
  body: Buffer;
  /** What names this delivery, where the scheme names deliveries. */
  deliveryId: string;
  /** Unix time in ms. */
  nowMs: number;
};

/** @returns headers, names and values in turn */
export type SignMessage = (signing: Signing) => string[];

const secondsOf = ({ nowMs }: Signing): string => String(Math.floor(nowMs / 1_000));

export const SIGN: Readonly<Record<VerificationScheme, SignMessage>> = {
  standard_webhooks(signing) {
    const { secret, body, deliveryId: id } = signing;
    const time = secondsOf(signing);
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const signature = `v1,${hmacSha256(key, `${id}.${time}.`, body).toString('base64')}`;
    return ['webhook-id', id, 'webhook-timestamp', time, 'webhook-signature', signature];
  },
  stripe(signing) {
    const time = secondsOf(signing);
    const signature = hmacSha256(signing.secret, `${time}.`, signing.body).toString('hex');
    return ['Stripe-Signature', `t=${time},v1=${signature}`];
  },
  shopify({ secret, body, deliveryId }) {
    const signature = hmacSha256(secret, body).toString('base64');
    return ['X-Shopify-Hmac-SHA256', signature, 'X-Shopify-Webhook-Id', deliveryId];
  },
  github({ secret, body, deliveryId }) {
    const signature = `sha256=${hmacSha256(secret, body).toString('hex')}`;
    return [
      ...['X-Hub-Signature-256', signature, 'X-GitHub-Delivery', deliveryId],
      ...['X-GitHub-Event', 'ping'],
    ];
  },
  slack(signing) {
    const time = secondsOf(signing);
    const signature = hmacSha256(signing.secret, `v0:${time}:`, signing.body).toString('hex');
    return ['X-Slack-Request-Timestamp', time, 'X-Slack-Signature', `v0=${signature}`];
  },
};
