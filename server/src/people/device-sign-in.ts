// Signs in programs that have no browser, as RFC 8628 does it: the program shows a code, a person who is
// signed in at the console confirms it there, and the program, which asks again and again, gets a token once.
// How many may be under way, how often each may ask, and how often codes may be tried is bounded. Called by
// the API.
import { addAuditEntry } from '../accounts/operator-audit-store.ts';
import type { Clock } from '../clock/clock.ts';
import { fail } from '../errors/failure.ts';
import { neighbourhoodOf } from '../http/client-address.ts';
import { randomText } from '../ids/ids.ts';
import type { Database } from '../postgres/database.ts';
import { issueToken } from '../tokens/issue-token.ts';
import {
  type Approval,
  type AskedFor,
  answerAskedFor,
  askFor,
  type DeviceAnswer,
  findAskedFor,
  takeAnswer,
} from './device-authorization-store.ts';
import { hashSecret, newSecret } from './session-cookie.ts';
import type { From, SignIn } from './sign-in.ts';

export const DEVICE_LIFE_S = 600;
export const DEVICE_INTERVAL_S = 5;
const TOKEN_LIFE_MS = 30 * 86_400_000;
/** Of a neighbourhood: one caller of IPv6 chooses among very many addresses. */
const BOUNDS = { mostOfNeighbourhood: 20, mostOfAll: 1_000 };

/**
 * No vowels, so that no words come of it; and nothing that looks like something else. 34 bits: enough for ten
 * minutes, and tries that are paced.
 */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const CODE_LENGTH = 8;

export type DeviceSignIn = {
  /** @throws Failure `too_many_requests` */
  begin(client: string, from: From): Promise<{ deviceCode: string; userCode: string }>;
  /** Of a code that a person has typed. @throws Failure `not_found`, `too_many_requests` */
  find(userCode: string, from: From): Promise<AskedFor>;
  /** @param approval null: refused. @throws as {@link find} does */
  answer(userCode: string, approval: Approval | null, from: From): Promise<void>;
  /** @returns the token once it is approved. @throws Failure `not_found`, `too_many_requests` */
  take(deviceCode: string, from: From): Promise<{ answer: DeviceAnswer; token: string | null }>;
};

type Parts = { database: Database; clock: Clock; signIn: Pick<SignIn, 'requirePace'> };

export function createDeviceSignIn({ database, clock, signIn }: Parts): DeviceSignIn {
  return {
    async begin(client, from) {
      signIn.requirePace(from, null);
      const [deviceCode, userCode] = [newSecret(), randomText(LETTERS, CODE_LENGTH)];
      const { address } = from;
      const neighbourhood = neighbourhoodOf(address);
      const asked = { deviceHash: hashSecret(deviceCode), userCode, client, address, neighbourhood };
      const isKept = await askFor(database, { ...asked, lifeS: DEVICE_LIFE_S }, BOUNDS);
      if (!isKept) {
        const message = 'too many programs wait for being signed in: try again in some minutes';
        fail('too_many_requests', { message, facts: { retryAfterS: 60 } });
      }
      return { deviceCode, userCode };
    },
    async find(userCode, from) {
      signIn.requirePace(from, null);
      return (await findAskedFor(database, plainCode(userCode))) ?? over();
    },
    async answer(userCode, approval, from) {
      signIn.requirePace(from, null);
      const client = await answerAskedFor(database, plainCode(userCode), approval);
      if (client === null) over();
    },
    take: (deviceCode, { address }) =>
      database.transaction(async (sql) => {
        const taken = await takeAnswer(sql, hashSecret(deviceCode), DEVICE_INTERVAL_S);
        if (taken === null) return over();
        if (taken === 'early') {
          const message = `ask again after ${DEVICE_INTERVAL_S} seconds`;
          return fail('too_many_requests', { message, facts: { retryAfterS: DEVICE_INTERVAL_S } });
        }
        if (taken.answer !== 'approved') return { answer: taken.answer, token: null };
        const { client, accountId, mode, userId, permissions } = taken;
        const comments = `terminal: ${client}`;
        const expiresAt = new Date(clock() + TOKEN_LIFE_MS);
        const { stored, clear } = await issueToken(sql, {
          ...{ accountId, mode, kind: 'secret', userId, permissions, comments, expiresAt, twinOf: null },
        });
        const after = { id: stored.id, name: comments, mode, expires_at: expiresAt.toISOString() };
        await addAuditEntry(sql, {
          ...{ tokenId: null, userId, sessionId: null, address, action: 'token.create', accountId },
          ...{ before: null, after },
        });
        return { answer: taken.answer, token: clear };
      }),
  };
}

function over(): never {
  return fail('not_found', { message: 'there is no such code, or it is over: begin again in the terminal' });
}

/** As it is shown: two groups of four. */
export function shownCode(userCode: string): string {
  return `${userCode.slice(0, 4)}-${userCode.slice(4)}`;
}

/** However a person has typed it. */
function plainCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^A-Z]/g, '');
}
