// The settings of what leaves the platform by itself: deliveries of events, and mail. Pure; part of
// config.ts, which reports all problems at once.

import type { SettingReader } from './setting-reader.ts';
import { parseSmtpUrl, SMTP_URL_RULE, type SmtpServer } from './smtp-url.ts';

export type DeliverySettings = {
  /**
   * Functions that subscriptions of every account may name as their destination. MILLRACE_PUBLIC_FUNCTIONS
   */
  publicFunctions: string[];
  /**
   * Where children of an event's data are asked for, no trailing slash; null: nowhere. MILLRACE_RESOURCE_URL
   */
  resourceUrl: string | null;
  /** MILLRACE_RESOURCE_TOKEN */
  resourceToken: string | null;
  /** Sends the mail of accounts without an SMTP server of their own; null: nobody does. MILLRACE_SMTP_URL */
  smtp: SmtpServer | null;
  /** Who that mail is from. MILLRACE_MAIL_FROM */
  mailFrom: string | null;
  /**
   * Domains that an account's own servers may send as, by the account's id; null: any. MILLRACE_MAIL_DOMAINS
   */
  mailDomains: ReadonlyMap<string, readonly string[]> | null;
};

export const DELIVERY_SETTING_NAMES = [
  'MILLRACE_PUBLIC_FUNCTIONS',
  'MILLRACE_RESOURCE_URL',
  'MILLRACE_RESOURCE_TOKEN',
  'MILLRACE_SMTP_URL',
  'MILLRACE_MAIL_FROM',
  'MILLRACE_MAIL_DOMAINS',
] as const;

type Read = Pick<SettingReader, 'text' | 'list'>;

export function parseDeliverySettings({ text, list }: Read, problems: string[]): DeliverySettings {
  const publicFunctions = list('MILLRACE_PUBLIC_FUNCTIONS');
  for (const id of publicFunctions) {
    if (!/^[0-9A-Za-z_-]{1,64}$/.test(id)) {
      problems.push(`MILLRACE_PUBLIC_FUNCTIONS: ${JSON.stringify(id)} is not the id of a function`);
    }
  }
  const resourceUrl = parseResourceUrl(text('MILLRACE_RESOURCE_URL'), problems);
  const resourceToken = text('MILLRACE_RESOURCE_TOKEN');
  if (resourceToken !== null && !/^[\x21-\x7e]+$/.test(resourceToken)) {
    problems.push('MILLRACE_RESOURCE_TOKEN must be printable characters without blanks');
  }
  const mailDomains = parseMailDomains(list('MILLRACE_MAIL_DOMAINS'), problems);
  return { publicFunctions, resourceUrl, resourceToken, mailDomains, ...parseMail(text, problems) };
}

function parseResourceUrl(value: string | null, problems: string[]): string | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  const isPlain = url !== null && url.username === '' && url.search === '' && url.hash === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return value.replace(/\/+$/, '');
  problems.push('MILLRACE_RESOURCE_URL must be an http or https address without user, query and fragment');
  return null;
}

/** `AX0001=shop.example.com`, once for each domain. */
function parseMailDomains(entries: string[], problems: string[]): DeliverySettings['mailDomains'] {
  if (entries.length === 0) return null;
  const domains = new Map<string, string[]>();
  for (const entry of entries) {
    const [, account = '', domain = ''] = /^([0-9A-Za-z]{1,64})=([0-9A-Za-z.-]{1,253})$/.exec(entry) ?? [];
    if (account === '')
      problems.push(`MILLRACE_MAIL_DOMAINS: ${JSON.stringify(entry)} is not like AX0001=shop.example.com`);
    domains.set(account, [...(domains.get(account) ?? []), domain.toLowerCase()]);
  }
  return domains;
}

function parseMail(text: Read['text'], problems: string[]): Pick<DeliverySettings, 'smtp' | 'mailFrom'> {
  const url = text('MILLRACE_SMTP_URL');
  const smtp = url === null ? null : parseSmtpUrl(url);
  const mailFrom = text('MILLRACE_MAIL_FROM');
  // Not repeated: it may hold a password, and this sentence goes into logs.
  if (url !== null && smtp === null) problems.push(`MILLRACE_SMTP_URL ${SMTP_URL_RULE}`);
  if (smtp !== null && mailFrom === null)
    problems.push('MILLRACE_MAIL_FROM is needed with MILLRACE_SMTP_URL');
  if (mailFrom !== null && !/^([^<>\r\n]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/.test(mailFrom)) {
    problems.push(
      'MILLRACE_MAIL_FROM must be an address such as events@example.com, or Name <events@example.com>',
    );
  }
  return { smtp, mailFrom };
}
