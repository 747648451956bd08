// Deletes what is over, once an hour: sessions, links that nobody has opened, people without an account, old
// entries of the audit log, Idempotency-Keys.
import type { Logger } from 'pino';
import { sweepKeys } from '../accounts/idempotency-key-store.ts';
import { type AuditRetention, sweepAudit, writeAuditRetention } from '../accounts/operator-audit-store.ts';
import { HOURLY_MS, type Rounds, startRounds, sweepInBatches } from '../clock/rounds.ts';
import type { Sql } from '../postgres/database.ts';
import { sweepInvitations, sweepResets } from './link-store.ts';
import { sweepChallenges } from './passkey-store.ts';
import { sweepPeople } from './person-store.ts';
import { sweepPortals } from './portal-store.ts';
import { type SessionLife, sweepSessions } from './session-store.ts';

const BATCH = 1_000;

type Parts = { sql: Sql; life: SessionLife; audit: AuditRetention; log: Logger };

export function startPeopleSweeper({ sql, life, audit, log }: Parts): Rounds {
  const sweeps: ((batch: number) => Promise<number>)[] = [
    (batch) => sweepSessions(sql, life, batch),
    (batch) => sweepInvitations(sql, batch),
    (batch) => sweepResets(sql, batch),
    (batch) => sweepChallenges(sql, batch),
    (batch) => sweepPortals(sql, batch),
    (batch) => sweepPeople(sql, batch),
    (batch) => sweepAudit(sql, audit, batch),
    (batch) => sweepKeys(sql, batch),
  ];
  return startRounds({
    everyMs: HOURLY_MS,
    round: async (stopping) => {
      await writeAuditRetention(sql, audit);
      for (const sweep of sweeps) await sweepInBatches(sweep, BATCH, stopping);
    },
    onError: (error) => log.error({ err: error }, 'sessions that are over could not be deleted'),
  });
}
