// Signs people in by e-mail and password, and begins their sessions. What is wrong is never said, and costs
// the same work; how often an address, and one e-mail address, may be tried is bounded. Every sign-in and
// every refused try is in the audit log. Called by the API.
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import { neighbourhoodOf } from '../http/client-address.ts';
import { newResourceId } from '../ids/ids.ts';
import { LatelyUsed } from '../memory/lately-used.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { AddressPace } from '../tokens/address-pace.ts';
import { foldEmail } from './email.ts';
import type { Passwords } from './passwords.ts';
import type { PeopleAudit } from './people-audit.ts';
import { announcePerson, findPersonByEmail, holdPassword, noteSignIn } from './person-store.ts';
import type { SecondFactors } from './second-factors.ts';
import { hashSecret, newSecret } from './session-cookie.ts';
import {
  endOldestSessions,
  insertSession,
  type SessionLife,
  type SignInWay,
  type StoredSession,
} from './session-store.ts';

/** Where a request comes from. */
export type From = { address: string; userAgent: string | null };
export type BegunSession = { session: StoredSession; secret: string };

/** `code`: of the second factor; null: none was given. */
type Asked = { email: string; password: string; code: string | null };

export type SignIn = {
  /** @throws Failure `unauthorized`, `too_many_requests` */
  byPassword(asked: Asked, from: From): Promise<BegunSession>;
  /** For a person whose credentials were found to be good. */
  begin(sql: Sql, person: { id: string }, how: { way: SignInWay; from: From }): Promise<BegunSession>;
  /** Counts a try. @throws Failure `too_many_requests` */
  requirePace(from: From, email: string | null): void;
};

type Parts = {
  database: Database;
  clock: Clock;
  passwords: Passwords;
  life: SessionLife;
  audit: PeopleAudit;
  secondFactors: Pick<SecondFactors, 'check'>;
  /** Called with a refused try that could not be kept. */
  onError(error: unknown): void;
};

const MOST_SESSIONS = 50;
const LONGEST_USER_AGENT = 300;
/** Tries of one address, which may be an office's; and for one e-mail address, from wherever. */
const OF_ADDRESS = { burst: 60, perMinute: 30, capacity: 10_000 };
const OF_EMAIL = { burst: 20, perMinute: 2, capacity: 10_000 };
/** From where people have signed in: their tries there are counted apart. */
const MOST_FAMILIAR = 10_000;

export function createSignIn(parts: Parts): SignIn {
  const { database, clock, passwords, life, audit, secondFactors, onError } = parts;
  const paces = {
    address: new AddressPace({ clock, ...OF_ADDRESS }),
    email: new AddressPace({ clock, ...OF_EMAIL }),
  };
  const familiar = new LatelyUsed<true>(MOST_FAMILIAR);
  const fromThere = (email: string, address: string): string =>
    `${foldEmail(email)} ${neighbourhoodOf(address)}`;
  const requirePace: SignIn['requirePace'] = ({ address }, email) => {
    take(paces.address, address);
    if (email === null) return;
    const key = fromThere(email, address);
    // Others who try an address without end would keep its person out.
    take(paces.email, familiar.get(key) === undefined ? foldEmail(email) : key);
  };
  const begin: SignIn['begin'] = async (sql, { id: personId }, { way, from }) => {
    const secret = newSecret();
    const userAgent =
      from.userAgent?.slice(0, LONGEST_USER_AGENT).toWellFormed().replaceAll('\0', '') ?? null;
    const session = await insertSession(
      sql,
      { id: newResourceId(), hash: hashSecret(secret), personId, way, address: from.address, userAgent },
      life,
    );
    await endOldestSessions(sql, personId, MOST_SESSIONS);
    await noteSignIn(sql, personId);
    await announcePerson(sql, personId);
    await audit.signedIn(sql, session);
    return { session, secret };
  };
  return {
    requirePace,
    begin,
    async byPassword({ email, password, code }, from) {
      requirePace(from, email);
      const person = await findPersonByEmail(database, foldEmail(email));
      const hash = person?.passwordHash ?? null;
      const isRight = await passwords.check(password, hash);
      const refuse = (): never =>
        fail('unauthorized', { message: 'the e-mail address or the password is wrong' });
      if (person === null || hash === null || !isRight) {
        // Not waited for: it takes longer where there is such a person.
        audit.refused(database, { personId: person?.id ?? null, from, why: 'password' }).catch(onError);
        return refuse();
      }
      const second = await secondFactors.check(database, person.id, code);
      if (second === 'wrong' || second === 'missing') {
        const why = 'second factor';
        if (second === 'wrong') await audit.refused(database, { personId: person.id, from, why });
        return fail('unauthorized', { message: `code: is ${second}, of your second factor`, field: 'code' });
      }
      return await database.transaction(async (sql) => {
        // It may have been replaced while it was looked at: every session ended with it.
        if (!(await holdPassword(sql, person.id, hash))) refuse();
        familiar.set(fromThere(email, from.address), true);
        return await begin(sql, person, { way: 'password', from });
      });
    },
  };
}

function take(pace: AddressPace, key: string): void {
  const retryAfterS = pace.waitS(key);
  if (pace.take(key)) return;
  fail('too_many_requests', {
    message: 'too many tries to sign in: try again later',
    facts: { retryAfterS: Math.max(1, retryAfterS) },
  });
}
