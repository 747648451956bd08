// The advisory locks that nodes take in the database, each until the end of its transaction: all of them
// here, so that no two things share one by chance. Numbers are arbitrary and the same on every node and in
// every release. Two migrations lock for themselves, by names that begin with `bound`. Decides nothing;
// called by stores.
import type { Sql } from './database.ts';

/**
 * Of the whole installation. `capped_claims`: of functions with a limit over all nodes; `history_days`: of
 * partitions that are made and dropped.
 */
export const WHOLE = {
  migrations: 728_700,
  capped_claims: 728_701,
  first_start: 728_703,
  folded_metrics: 728_705,
  folded_errors: 728_706,
  usage_reports: 728_707,
  master_key: 728_708,
  certificates: 728_710,
  history_days: 728_780,
  history_move: 728_781,
} as const;

/** Of something that has a name: the second key of its hash. */
export const NAMED = {
  /** A table of a world or an account, while something is added to it. */
  adding: 0,
  exclusive_changes: 728_704,
  idempotency_keys: 728_709,
  smtp_profiles: 5,
  slots: 728_702,
} as const;

/** Waits until no other transaction has it. */
export async function lockWhole(sql: Sql, lock: keyof typeof WHOLE): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1)', [WHOLE[lock]]);
}

/** Waits until no other transaction has it for itself; as many as want have it together. */
export async function shareWhole(sql: Sql, lock: keyof typeof WHOLE): Promise<void> {
  await sql.query('select pg_advisory_xact_lock_shared($1)', [WHOLE[lock]]);
}

/** @returns whether this transaction has it now */
export async function tryLockWhole(sql: Sql, lock: keyof typeof WHOLE): Promise<boolean> {
  const [row] = await sql.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1) as taken', [
    WHOLE[lock],
  ]);
  return row?.taken === true;
}

/**
 * Waits until no other transaction has that of this name. Two names may share a lock: they wait for each
 * other, no more.
 */
export async function lockNamed(sql: Sql, lock: keyof typeof NAMED, name: string): Promise<void> {
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, $2))', [name, NAMED[lock]]);
}
