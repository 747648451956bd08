// Sends one mail for an account: by the profile that is named, else by the account's default one, else by the
// installation's server. An account's server is reached only where the outbound rule lets us; the operator's
// own anywhere. Knows nothing of what is in a mail.
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { World } from '../accounts/account.ts';
import type { SmtpServer } from '../config/smtp-url.ts';
import { OutboundError, type OutboundRule, openAddresses } from '../http/outbound-rule.ts';
import type { Sql } from '../postgres/database.ts';
import { type Mail, mailProblem } from './mail.ts';
import { takeMails } from './mail-quota-store.ts';
import { type Keys, openPassword } from './smtp-password.ts';
import type { SealedSmtpProfile } from './smtp-profile.ts';
import { getDefaultProfile, getProfile } from './smtp-profile-store.ts';

/** An expected end of sending; its message may be shown to the account's owner. */
export class MailError extends Error {
  /** The same mail may go through later. */
  readonly mayPass: boolean;
  constructor(message: string, mayPass: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'MailError';
    this.mayPass = mayPass;
  }
}

/**
 * The account's mail quota is used up: nothing was tried. `afterMs`: when there is room again, by what was
 * sent until now.
 */
export class MailPostponed extends MailError {
  readonly afterMs: number;
  constructor(message: string, afterMs: number) {
    super(message, true);
    this.name = 'MailPostponed';
    this.afterMs = afterMs;
  }
}

export type MailReceipt = {
  /** Of the mail's `Message-ID`. */
  messageId: string;
  /** Recipients that the server refused while it took others. */
  rejected: string[];
};

/**
 * @param profileId null: the account's default profile, else the installation's server
 * @throws MailError
 */
export type SendMail = (world: World, mail: Mail, profileId?: string | null) => Promise<MailReceipt>;

export type MailSenderParts = {
  sql: Sql;
  keys: Pick<Keys, 'unseal'>;
  /** Of accounts' servers. */
  rule: OutboundRule;
  /** Certificates to trust, PEM. */
  ca: readonly string[];
  /** null: accounts without a profile send no mail. */
  installation: { server: SmtpServer; sender: string } | null;
  /** Domains that accounts' own servers may send as, by account; null: any. */
  domains: ReadonlyMap<string, readonly string[]> | null;
  /** How we introduce ourselves to servers. */
  hostname: string;
  /** For each step of the conversation. */
  timeoutMs: number;
};

/** A server that keeps saying something is given the time of so many steps. */
const MOST_STEPS = 4;

/**
 * A server to send by. `addresses`: those that may be connected to; null: wherever its name leads. `isOurs`:
 * it is the installation's, and what it sends is from `sender` alone, whichever account asked for it.
 */
type Way = { server: SmtpServer; sender: string; addresses: string[] | null; isOurs: boolean };

export function createMailSender(parts: MailSenderParts): SendMail {
  return async (world, mail, profileId = null) => {
    const problem = mailProblem(mail);
    if (problem !== null) throw new MailError(problem, false);
    const way = await findWay(parts, world, profileId);
    if (way.isOurs) await requireQuota(parts, world, mail);
    else requireDomain(parts, world, mail.from ?? way.sender);
    return await send(parts, way, way.isOurs ? inOurName(mail) : mail);
  };
}

type OwnParts = Pick<MailSenderParts, 'ca' | 'installation' | 'hostname' | 'timeoutMs'>;

/** Sends the platform's own mail, by the installation's server alone. @throws MailError */
export type SendOwnMail = (mail: Mail) => Promise<MailReceipt>;

/** @returns null where the installation has no mail server */
export function createOwnMailSender({ installation, ...parts }: OwnParts): SendOwnMail | null {
  if (installation === null) return null;
  return async (mail) => {
    const problem = mailProblem(mail);
    if (problem !== null) throw new MailError(problem, false);
    return await send(parts, { ...installation, addresses: null, isOurs: true }, mail);
  };
}

/** A reader must not take one tenant for another: the operator's server vouches for its sender. */
function inOurName({ from, ...mail }: Mail): Mail {
  return from === undefined || mail.replyTo !== undefined ? mail : { ...mail, replyTo: from };
}

/** @throws MailPostponed; MailError where it is never sent */
async function requireQuota({ sql }: MailSenderParts, { accountId }: World, { to }: Mail): Promise<void> {
  const refusal = await takeMails(sql, accountId, to.length);
  if (refusal === null) return;
  const { most, of, afterMs } = refusal;
  const message = `the installation's server sends ${most} mails of an account in ${of === 'day' ? 'a day' : 'an hour'}`;
  if (afterMs !== null) throw new MailPostponed(message, afterMs);
  throw new MailError(`${message}, and this one alone has ${to.length} recipients`, false);
}

/** @throws MailError */
function requireDomain({ domains }: MailSenderParts, { accountId }: World, from: string): void {
  const domain = domainOf(from).toLowerCase();
  if (domains === null || (domains.get(accountId) ?? []).includes(domain)) return;
  throw new MailError(
    `the operator has not opened the domain ${domain} to this account (MILLRACE_MAIL_DOMAINS)`,
    false,
  );
}

async function findWay(parts: MailSenderParts, world: World, profileId: string | null): Promise<Way> {
  const { sql, installation } = parts;
  if (profileId !== null) {
    const named = await getProfile(sql, world, profileId);
    if (named === null) throw new MailError(`there is no SMTP profile ${profileId}`, false);
    return await wayOf(parts, named);
  }
  const usual = await getDefaultProfile(sql, world);
  if (usual !== null) return await wayOf(parts, usual);
  if (installation !== null) return { ...installation, addresses: null, isOurs: true };
  throw new MailError(
    'no SMTP server is configured: neither a default profile of the account nor MILLRACE_SMTP_URL',
    true,
  );
}

async function wayOf({ keys, rule }: MailSenderParts, profile: SealedSmtpProfile): Promise<Way> {
  const { host, port, security, username, sender } = profile;
  const password = await openPassword(keys as Keys, profile);
  try {
    const addresses = await openAddresses(host, rule);
    return { server: { host, port, security, username, password }, sender, addresses, isOurs: false };
  } catch (cause) {
    if (cause instanceof OutboundError) throw new MailError(`the mail server: ${cause.message}`, true, cause);
    throw cause;
  }
}

async function send(
  parts: Omit<OwnParts, 'installation'>,
  { server, sender, addresses }: Way,
  mail: Mail,
): Promise<MailReceipt> {
  const { host, port, security, username, password } = server;
  const { ca, hostname, timeoutMs } = parts;
  const transport = createTransport({
    host: addresses?.[0] ?? host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(username === null ? {} : { auth: { user: username, pass: password ?? '' } }),
    tls: { ca: [...ca], ...(isIP(host) === 0 ? { servername: host } : {}) },
    name: hostname,
    ...{
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
    },
    // Nothing in a mail makes us read files or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { to, attachments, id, ...rest } = mail;
    const sending = transport.sendMail({
      from: sender,
      ...rest,
      ...(id === undefined ? {} : { messageId: `<${id}@${domainOf(rest.from ?? sender)}>` }),
      to: to.map((address) => ({ name: '', address })),
      ...(attachments === undefined ? {} : { attachments: attachments.map((one) => ({ ...one })) }),
    });
    const sent = await within(sending, timeoutMs * MOST_STEPS);
    return { messageId: sent.messageId, rejected: sent.rejected.map(String) };
  } catch (cause) {
    const { responseCode = 0, message } = cause as { responseCode?: number; message: string };
    throw new MailError(`the mail was not sent: ${message}`, responseCode < 500, cause);
  } finally {
    transport.close();
  }
}

/** Of `Name <address>` or an address. */
function domainOf(sender: string): string {
  return /@([0-9A-Za-z.-]+)>?\s*$/.exec(sender)?.[1] ?? 'localhost';
}

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${timeoutMs} ms`)), timeoutMs);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
