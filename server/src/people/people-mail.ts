// What the platform itself writes to people: links that let them in. By the installation's own server alone:
// an account's server would read them. Called by people/.
import { fail } from '../errors/failure.ts';
import { takeMails } from '../mail/mail-quota-store.ts';
import { MailError, type SendOwnMail } from '../mail/mail-sender.ts';
import type { Sql } from '../postgres/database.ts';

export type Letter = { to: string; subject: string; text: string };

export type PeopleMail = {
  /** Whether there is a mail server at all. */
  readonly sends: boolean;
  /** @throws Failure `unavailable` where it was not sent */
  send(letter: Letter): Promise<void>;
  /** As {@link send}, of the account's mails. @throws Failure `too_many_requests` */
  sendFor(accountId: string, letter: Letter): Promise<void>;
};

export function createPeopleMail(sql: Sql, sendOwnMail: SendOwnMail | null): PeopleMail {
  const send = async ({ to, subject, text }: Letter): Promise<void> => {
    if (sendOwnMail === null) throw new Error('there is no mail server');
    try {
      await sendOwnMail({ to: [to], subject, text });
    } catch (cause) {
      if (!(cause instanceof MailError)) throw cause;
      fail('unavailable', { message: cause.message, cause, facts: { retryAfterS: 60 } });
    }
  };
  return {
    sends: sendOwnMail !== null,
    send,
    async sendFor(accountId, letter) {
      const refusal = await takeMails(sql, accountId, 1);
      if (refusal !== null) {
        fail('too_many_requests', {
          message: `the account has sent as many mails as it may in ${refusal.of === 'day' ? 'a day' : 'an hour'}`,
          facts: { retryAfterS: Math.ceil((refusal.afterMs ?? 3_600_000) / 1_000) },
        });
      }
      await send(letter);
    },
  };
}

export function invitationLetter(to: string, link: string, days: number): Letter {
  return {
    to,
    subject: 'You are invited to Millrace',
    text: `You are invited to an account of Millrace. Open this link within ${days} days to join it:\n\n${link}\n\nIf you don't know why, do nothing.\n`,
  };
}

export function resetLetter(to: string, link: string, minutes: number): Letter {
  return {
    to,
    subject: 'A new password for Millrace',
    text: `A new password was asked for. Open this link within ${minutes} minutes to set one:\n\n${link}\n\nIf you didn't ask for it, do nothing: your password stays as it is.\n`,
  };
}
