// SQL that claims queued runs for a node: one statement looks at the functions that have due runs (a loose
// scan over the index runs_queue: one probe a function, however many runs it has), shares the places among
// accounts and functions, locks what it takes with `skip locked` and makes it running. Nodes that claim at
// the same time never get the same run, nor wait for each other.
//
// Nothing is claimed by a node whose lease has passed. The account is in no `where`: a worker serves all of
// them.

import { isActive } from '../accounts/account-status-store.ts';
import { tryLockWhole } from '../postgres/advisory-locks.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { RunCause } from '../runs/run.ts';
import type { TriggerKind } from '../runs/run-input.ts';
import type { ClaimedRun, ClaimKey } from './claimed-run.ts';

export type ClaimRoom = {
  node: string;
  /** Most runs that may be claimed now. */
  runs: number;
  /** Of one function and of one account, where the two below say nothing. */
  ofFunction: number;
  ofAccount: number;
  /**
   * Those that have runs in hand here already: how many more, where an instance holds one; negative: they
   * have more already.
   */
  functions: Readonly<Record<string, number>>;
  accounts: Readonly<Record<string, number>>;
  /** Functions up to this id were looked at by the call before: '' begins anew. */
  after: string;
};

export type Claim = {
  runs: ClaimedRun[];
  /** Hand it back as {@link ClaimRoom.after}; '' when all functions have been looked at. */
  next: string;
  /** Until the earliest run that isn't due yet, of those functions; null: there is none. */
  nextDueMs: number | null;
  /** Further runs may be due by now, which found no room. */
  hasMore: boolean;
};

/** Functions that one statement looks at. */
const SCANNED_FUNCTIONS = 500;
/** Larger inputs are fetched one by one, when they are needed. */
const NEAR_INPUT_BYTES = 64 * 1024;

type ClaimRow = {
  next: string;
  next_due_ms: number | null;
  has_capped: boolean;
  has_more: boolean;
  id: string | null;
  account_id: string;
  mode: ClaimedRun['mode'];
  function_id: string;
  pinned_version: number | null;
  trigger: TriggerKind;
  cause: RunCause;
  created_at: Date;
  attempts: number;
  claims: number;
  faults: number;
  platform_faults: number;
  near_input: Buffer | null;
};

/** Functions without a limit of their own over all nodes, and with one. */
type Kind = 'free' | 'capped';

const ROOM_OVER_ALL_NODES = `f.max_concurrent_runs - (
  select count(*) from runs going where going.function_id = waiting.function_id and going.status = 'running' and going.claims > 0)`;

/** A function whose instances hold several runs has as many times the room. */
const ROOM_HERE = `coalesce(($5::jsonb ->> waiting.function_id)::bigint, $3) + (coalesce(f.concurrency, 1) - 1) * $3`;

function claimStatement(kind: Kind): string {
  const [condition, room] =
    kind === 'free'
      ? ['f.max_concurrent_runs is null', ROOM_HERE]
      : ['f.max_concurrent_runs is not null', `least(${ROOM_HERE}, ${ROOM_OVER_ALL_NODES})`];
  return `
with recursive waiting as (
  -- The first run of each function that has any, in the order of the index.
  (select function_id, account_id, due_at, 1 as place from runs
   where status = 'queued' and not is_held and function_id > $7
   order by function_id, due_at limit 1)
  union all
  select next.* from waiting cross join lateral (
    select function_id, account_id, due_at, waiting.place + 1 from runs
    where status = 'queued' and not is_held and function_id > waiting.function_id
    order by function_id, due_at limit 1
  ) as next
  where waiting.place < ${SCANNED_FUNCTIONS}
),
due as (
  -- Round the accounts: the first function of each, then the second of each, as many as there are places.
  select waiting.function_id, waiting.account_id, ${room} as room,
    coalesce(($6::jsonb ->> waiting.account_id)::bigint, $4) as account_room,
    row_number() over (partition by waiting.account_id order by waiting.due_at) as turn,
    waiting.due_at
  from waiting left join functions f on f.id = waiting.function_id
  where waiting.due_at <= now() and f.paused_at is null and ${condition} and ${isActive('waiting.account_id')}
    and exists (select from nodes where id = $1 and lease_until > now())
),
chosen as (
  select function_id, account_id, account_room,
    least(room, account_room, ceil($2::numeric / count(*) over ()))::bigint as take
  from (select * from due where room > 0 and account_room > 0 order by turn, due_at limit $2) as first
),
locked as (
  select chosen.function_id, chosen.account_id, chosen.account_room, taken.id, taken.due_at,
    row_number() over (partition by chosen.function_id order by taken.due_at, taken.id) as turn
  from chosen cross join lateral (
    select id, due_at from runs
    where function_id = chosen.function_id and status = 'queued' and not is_held and due_at <= now()
    order by due_at, id limit chosen.take for update skip locked
  ) as taken
),
fair as (
  select id from (
    select *, row_number() over (partition by account_id order by turn, due_at, id) as account_turn from locked
  ) as turns
  where account_turn <= account_room
  order by account_turn, due_at, id limit $2
),
claimed as (
  update runs set status = 'running', node = $1, claims = claims + 1, attempts = attempts + 1, started_at = now(),
    ended_at = null
  from fair where runs.id = fair.id
  returning runs.id, runs.account_id, runs.mode, runs.function_id, runs.pinned_version, runs.trigger, runs.cause,
    runs.created_at, runs.attempts, runs.claims, runs.faults, runs.platform_faults,
    case when length(runs.sealed_input) <= ${NEAR_INPUT_BYTES} then runs.sealed_input end as near_input
),
scan as (
  select
    case when count(*) < ${SCANNED_FUNCTIONS} then '' else max(waiting.function_id) end as next,
    extract(epoch from min(waiting.due_at) filter (where waiting.due_at > now()) - now())::float8 * 1000 as next_due_ms,
    ${
      kind === 'free'
        ? `coalesce(bool_or(f.max_concurrent_runs is not null and waiting.due_at <= now() and f.paused_at is null
            and ${isActive('waiting.account_id')}), false)`
        : 'false'
    } as has_capped,
    -- Functions without a place, or of which as many were taken as might be.
    (select count(*) from due) > (select count(*) from chosen) or exists (
      select from chosen where take <= (select count(*) from locked where locked.function_id = chosen.function_id)
    ) as has_more
  from waiting left join functions f on f.id = waiting.function_id
)
select scan.*, claimed.* from scan left join claimed on true`;
}

const STATEMENTS: Record<Kind, string> = { free: claimStatement('free'), capped: claimStatement('capped') };

/** Claims at most `room.runs` runs. */
export async function claimRuns(database: Database, room: ClaimRoom): Promise<Claim> {
  const rows = await claim(database, 'free', room);
  const [head] = rows;
  const runs = claimedOf(rows);
  if (head?.has_capped === true && runs.length < room.runs) {
    runs.push(...(await claimCapped(database, { ...room, runs: room.runs - runs.length })));
  }
  const hasMore = head?.has_more === true || head?.has_capped === true;
  return { runs, next: head?.next ?? '', nextDueMs: head?.next_due_ms ?? null, hasMore };
}

/** One node at a time: how many are going on has to be counted after the claim before was committed. */
async function claimCapped(database: Database, room: ClaimRoom): Promise<ClaimedRun[]> {
  return await database.transaction(async (sql) => {
    return (await tryLockWhole(sql, 'capped_claims')) ? claimedOf(await claim(sql, 'capped', room)) : [];
  });
}

function claim(sql: Sql, kind: Kind, room: ClaimRoom): Promise<ClaimRow[]> {
  const { node, runs, ofFunction, ofAccount, functions, accounts, after } = room;
  const values = [
    node,
    runs,
    ofFunction,
    ofAccount,
    JSON.stringify(functions),
    JSON.stringify(accounts),
    after,
  ];
  return sql.query<ClaimRow>(STATEMENTS[kind], values, `claim ${kind}`);
}

function claimedOf(rows: readonly ClaimRow[]): ClaimedRun[] {
  return rows.flatMap((row) =>
    row.id === null
      ? []
      : [
          {
            id: row.id,
            accountId: row.account_id,
            mode: row.mode,
            functionId: row.function_id,
            pinnedVersion: row.pinned_version,
            trigger: row.trigger,
            cause: row.cause,
            createdAtMs: row.created_at.getTime(),
            attempt: row.attempts,
            claims: row.claims,
            faults: row.faults,
            platformFaults: row.platform_faults,
            sealedInput: row.near_input,
          },
        ],
  );
}

/** Every claim that a node has, as the database sees it. */
export async function findClaimed(sql: Sql, nodeId: string): Promise<ClaimKey[]> {
  const rows = await sql.query<{ id: string; account_id: string; claims: number }>(
    `select id, account_id, claims from runs where node = $1 and status = 'running' and claims > 0`,
    [nodeId],
    'find claimed',
  );
  return rows.map((row) => ({ id: row.id, accountId: row.account_id, claims: row.claims }));
}
