// Keeps in the audit log who signed in, who was refused, and what was changed of people; in every account
// that the person has a role in. Refused tries are bounded: what many addresses try at once is counted by the
// log of the server alone. Called by people/ and its API.
import { type AuditAction, addAuditEntry } from '../accounts/operator-audit-store.ts';
import type { Clock } from '../clock/clock.ts';
import type { Sql } from '../postgres/database.ts';
import { AddressPace } from '../tokens/address-pace.ts';
import { listUsersOf } from './person-store.ts';
import type { StoredSession } from './session-store.ts';
import type { From } from './sign-in.ts';

type Fields = Record<string, unknown>;

export type PeopleAudit = {
  signedIn(sql: Sql, session: StoredSession): Promise<void>;
  signedOut(sql: Sql, session: { id: string; personId: string }, from: { address: string }): Promise<void>;
  /** @param personId null: there is nobody of that address */
  refused(sql: Sql, tried: { personId: string | null; from: From; why: string }): Promise<void>;
  /** Of a person's own credentials. */
  changed(sql: Sql, change: PersonChange): Promise<void>;
};

export type PersonChange = {
  action: AuditAction;
  personId: string;
  sessionId: string | null;
  address: string;
  after: Fields | null;
};

/** Refused tries that a node keeps. */
const REFUSED = { burst: 200, perMinute: 60, capacity: 1 };

export function createPeopleAudit(clock: Clock): PeopleAudit {
  const pace = new AddressPace({ clock, ...REFUSED });
  const add = async (sql: Sql, { personId, ...entry }: PersonChange): Promise<void> => {
    for (const { id: userId, accountId } of await listUsersOf(sql, personId)) {
      await addAuditEntry(sql, { ...entry, tokenId: null, userId, accountId, before: null });
    }
  };
  return {
    signedIn: (sql, { id: sessionId, personId, address, way }) =>
      add(sql, {
        ...{ action: 'session.create', personId, sessionId, address: address ?? '' },
        after: { way },
      }),
    signedOut: (sql, { id: sessionId, personId }, { address }) =>
      add(sql, { action: 'session.end', personId, sessionId, address, after: null }),
    async refused(sql, { personId, from: { address }, why }) {
      if (!pace.take('')) return;
      const entry = { action: 'session.refused', sessionId: null, address, after: { why } } as const;
      if (personId !== null) return await add(sql, { ...entry, personId });
      // Not which address was tried: people type passwords there.
      await addAuditEntry(sql, { ...entry, tokenId: null, userId: null, accountId: null, before: null });
    },
    changed: add,
  };
}
