// SQL of budgets that nodes share: one statement takes a slice of an account's minute, and gives back or
// makes good what is left of the slices before. Minutes are the database's.
import type { Sql } from '../postgres/database.ts';

/** Of all runs of an account. A dialect may have budgets of its own beside them. */
export type BudgetKind = 'runs' | 'execution_ms';

export type SliceRequest = {
  accountId: string;
  /** A {@link BudgetKind}, or a dialect's. */
  kind: string;
  /** What the account has in a minute. */
  budget: number;
  /** At most; a tenth of what is left is given, but at least `least`, if that is there. */
  wanted: number;
  least: number;
  /** What was used beyond the slices so far; negative: given back. Counts in the minute that it is of. */
  settled: number;
  settledMinuteMs: number | null;
};

export type Slice = {
  /** 0: there is nothing left. */
  slice: number;
  /** Of all nodes in this minute. */
  granted: number;
  /** Most of the budget is used: said once a minute. */
  isNear: boolean;
  /** When the minute began, and how much of it is left; Unix time, and ms. */
  minuteMs: number;
  leftMs: number;
};

/** Share of a budget from which on a limit is near. */
const NEAR_SHARE = 0.8;

const settledIn = (minute: string): string =>
  `case when ${minute} = to_timestamp($7::float8 / 1000) then $6::bigint else 0 end`;
const BASE = `(case when b.minute >= excluded.minute then b.granted else 0 end
  + ${settledIn('greatest(b.minute, excluded.minute)')})`;
const sliceOf = (used: string): string =>
  `least($4::bigint, greatest(ceil(greatest(0, $3::bigint - ${used}) / 10.0)::bigint,
    least($5::bigint, greatest(0, $3::bigint - ${used}))))`;
const isNear = (granted: string): string => `(${granted} >= $3::bigint * ${NEAR_SHARE})`;

export async function takeSlice(sql: Sql, wanted: SliceRequest): Promise<Slice> {
  const thisMinute = `date_trunc('minute', now())`;
  const first = sliceOf('0');
  const firstGranted = `(${first} + ${settledIn(thisMinute)})`;
  const slice = sliceOf(BASE);
  const granted = `${BASE} + ${slice}`;
  const minute = 'greatest(b.minute, excluded.minute)';
  const tells = `(${isNear(`(${granted})`)} and b.near_minute is distinct from ${minute})`;
  const [row] = await sql.query<{
    slice: number;
    granted: number;
    is_near: boolean;
    minute_ms: number;
    left_ms: number;
  }>(
    `insert into account_budgets as b (account_id, kind, minute, granted, last_slice, near_minute, is_near)
     values ($1, $2, ${thisMinute}, ${firstGranted}, ${first},
       case when ${isNear(firstGranted)} then ${thisMinute} end, ${isNear(firstGranted)})
     on conflict (account_id, kind) do update set minute = ${minute}, granted = ${granted}, last_slice = ${slice},
       near_minute = case when ${tells} then ${minute} else b.near_minute end, is_near = ${tells}
     returning last_slice as slice, granted, is_near, extract(epoch from minute)::float8 * 1000 as minute_ms,
       extract(epoch from minute + interval '1 minute' - clock_timestamp())::float8 * 1000 as left_ms`,
    [
      wanted.accountId,
      wanted.kind,
      wanted.budget,
      Math.max(wanted.wanted, wanted.least),
      wanted.least,
      wanted.settled,
      wanted.settledMinuteMs,
    ],
    'take slice',
  );
  if (row === undefined) throw new Error(`the budget of account ${wanted.accountId} was not written`);
  const { slice: taken, is_near, minute_ms, left_ms } = row;
  return { slice: taken, granted: row.granted, isNear: is_near, minuteMs: minute_ms, leftMs: left_ms };
}
