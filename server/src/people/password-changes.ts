// Changes passwords: by the person who knows the one before, or by a link that is mailed or, where the
// installation sends no mail, shown to who may ask for it. Every other session of the person ends with the
// old password. Whether an address is anybody's is never said. Called by the API.
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { foldEmail } from './email.ts';
import { hasReset, putReset, takeReset } from './link-store.ts';
import { deletePasskeys } from './passkey-store.ts';
import type { Passwords } from './passwords.ts';
import type { PeopleAudit } from './people-audit.ts';
import { type PeopleMail, resetLetter } from './people-mail.ts';
import {
  announcePerson,
  findPerson,
  findPersonByEmail,
  lockPeople,
  proveEmail,
  setPasswordHash,
} from './person-store.ts';
import { hashSecret, newSecret } from './session-cookie.ts';
import { deleteSessions, type FoundSession } from './session-store.ts';
import type { From, SignIn } from './sign-in.ts';

const LINK_MINUTES = 60;
/** How long after signing in without a password one may be set. */
const FRESH_MS = 600_000;

export type PasswordChanges = {
  /**
   * Before anything that another at the same screen must not do. @throws Failure `unauthorized` for a wrong
   * one
   */
  requireCurrent(session: FoundSession, password: string | null, from: From): Promise<void>;
  /** @throws Failure `unauthorized` for a wrong one */
  change(
    session: FoundSession,
    asked: { current: string | null; password: string },
    from: From,
  ): Promise<void>;
  /**
   * Begins it, and says nothing of what comes of it. @throws Failure `invalid_state` where no mail is sent,
   * `too_many_requests`
   */
  ask(email: string, from: From): void;
  /**
   * For a person that is known to who asks.
   * @param requireStill throws where it may not be made; nobody joins an account between that and the link
   * @returns the link; null: it was mailed
   */
  linkFor(personId: string, requireStill?: (sql: Sql) => Promise<unknown>): Promise<string | null>;
  /** @throws Failure `not_found` */
  reset(secret: string, password: string, from: From): Promise<void>;
};

type Parts = {
  database: Database;
  clock: Clock;
  passwords: Passwords;
  mail: PeopleMail;
  signIn: SignIn;
  audit: PeopleAudit;
  consoleUrl: string;
  /** Called with a mail that was asked for and could not be sent. */
  onError(error: unknown): void;
};

export function createPasswordChanges(parts: Parts): PasswordChanges {
  const { database, clock, passwords, mail, signIn, audit, consoleUrl, onError } = parts;
  const linkFor: PasswordChanges['linkFor'] = async (personId, requireStill) => {
    const secret = newSecret();
    const reset = { personId, mailed: mail.sends };
    const person = await database.transaction(async (sql) => {
      await lockPeople(sql);
      await requireStill?.(sql);
      const found = await findPerson(sql, personId);
      if (found === null) return fail('not_found', { message: 'there is no such person' });
      await putReset(sql, hashSecret(secret), reset, LINK_MINUTES * 60);
      return found;
    });
    const link = `${consoleUrl}/password#${secret}`;
    if (!mail.sends) return link;
    await mail.send(resetLetter(person.email, link, LINK_MINUTES));
    return null;
  };
  const requireCurrent: PasswordChanges['requireCurrent'] = async (session, current, from) => {
    signIn.requirePace(from, session.email);
    const stored = (await findPerson(database, session.personId))?.passwordHash ?? null;
    const isFresh = clock() - session.createdAt.getTime() < FRESH_MS;
    const isRight = stored === null ? isFresh : await passwords.check(current ?? '', stored);
    if (!isRight) fail('unauthorized', { message: 'this is not your password' });
  };
  return {
    linkFor,
    ask(email, from) {
      if (!mail.sends) {
        fail('invalid_state', {
          message: 'this installation sends no mail: ask an owner of your account for a link',
        });
      }
      signIn.requirePace(from, email);
      const work = async (): Promise<void> => {
        const person = await findPersonByEmail(database, foldEmail(email));
        if (person !== null) await linkFor(person.id);
      };
      work().catch(onError);
    },
    requireCurrent,
    async change(session, { current, password }, from) {
      const { personId, id: sessionId } = session;
      await requireCurrent(session, current, from);
      const hash = await passwords.hash(password);
      await database.transaction(async (sql) => {
        await setPasswordHash(sql, personId, hash);
        await deleteSessions(sql, personId, sessionId);
        await announcePerson(sql, personId);
        const change = { action: 'password.change', personId, sessionId, address: from.address } as const;
        await audit.changed(sql, { ...change, after: null });
      });
    },
    async reset(secret, password, from) {
      const linkHash = hashSecret(secret);
      // Before the password is hashed: guesses at links must not cost a processor.
      if (!(await hasReset(database, linkHash))) noSuchLink();
      const hash = await passwords.hash(password);
      await database.transaction(async (sql) => {
        const reset = await takeReset(sql, linkHash);
        const { personId, mailed } = reset ?? noSuchLink();
        // Who had the password before may have added some.
        await deletePasskeys(sql, personId);
        await setPasswordHash(sql, personId, hash);
        if (mailed) await proveEmail(sql, personId);
        await deleteSessions(sql, personId, null);
        await announcePerson(sql, personId);
        const change = {
          action: 'password.reset',
          personId,
          sessionId: null,
          address: from.address,
        } as const;
        await audit.changed(sql, { ...change, after: null });
      });
    },
  };
}

function noSuchLink(): never {
  return fail('not_found', { message: 'this link has been opened before, or is over' });
}
