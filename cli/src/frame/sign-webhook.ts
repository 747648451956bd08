// Headers of a webhook's message as its sender signs it, for each scheme that Millrace verifies. Pure.
import { createHmac } from 'node:crypto';
import { CliError } from '../cli-error.ts';

export const SCHEMES = ['standard_webhooks', 'stripe', 'shopify', 'github', 'slack'] as const;
export type Scheme = (typeof SCHEMES)[number];

export type Message = { body: string; secret: string; id: string; nowMs: number };

/** @throws CliError `usage` */
export function signWebhook(scheme: string, message: Message): Record<string, string> {
  const known = SCHEMES.find((one) => one === scheme);
  if (known === undefined) throw new CliError('usage', `--scheme: one of ${SCHEMES.join(', ')}`);
  return SIGN[known](message);
}

const SIGN: Record<Scheme, (message: Message) => Record<string, string>> = {
  standard_webhooks: ({ body, secret, id, nowMs }) => {
    const at = seconds(nowMs);
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const signature = mac(key, `${id}.${at}.${body}`, 'base64');
    return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` };
  },
  stripe: ({ body, secret, nowMs }) => {
    const at = seconds(nowMs);
    return { 'stripe-signature': `t=${at},v1=${mac(secret, `${at}.${body}`, 'hex')}` };
  },
  shopify: ({ body, secret, id }) => {
    return { 'x-shopify-hmac-sha256': mac(secret, body, 'base64'), 'x-shopify-webhook-id': id };
  },
  github: ({ body, secret, id }) => {
    return { 'x-hub-signature-256': `sha256=${mac(secret, body, 'hex')}`, 'x-github-delivery': id };
  },
  slack: ({ body, secret, nowMs }) => {
    const at = seconds(nowMs);
    const signature = `v0=${mac(secret, `v0:${at}:${body}`, 'hex')}`;
    return { 'x-slack-request-timestamp': at, 'x-slack-signature': signature };
  },
};

function seconds(ms: number): string {
  return String(Math.floor(ms / 1_000));
}

function mac(secret: string | Buffer, text: string, encoding: 'hex' | 'base64'): string {
  return createHmac('sha256', secret).update(text).digest(encoding);
}
