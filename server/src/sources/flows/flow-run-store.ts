// SQL of flow runs. A run moves under its row's lock alone: what moves it holds it until everything that
// follows is written.
import type { World } from '../../accounts/account.ts';
import { firstDue, ownersOf, shareOf, turnsOverAccounts } from '../../accounts/turns-store.ts';
import type { Sql } from '../../postgres/database.ts';
import type { FlowRun } from './flow.ts';

type Row = {
  id: string;
  account_id: string;
  mode: World['mode'];
  flow_id: string;
  flow_name: string;
  nodes: FlowRun['nodes'];
  event_id: string;
  item_type: string;
  item_id: string;
  item_details: unknown;
  status: FlowRun['status'];
  node_id: string | null;
  phase: FlowRun['phase'];
  process_id: string;
  prior_process_id: string | null;
  run_id: string | null;
  run_status: string | null;
  response: unknown;
  due_at: Date | null;
  steps: number;
  history: FlowRun['history'];
  error: string | null;
  created_at: Date;
  ended_at: Date | null;
};

const COLUMNS = `id, account_id, mode, flow_id, flow_name, nodes, event_id, item_type, item_id, item_details, status, node_id,
  phase, process_id, prior_process_id, run_id, run_status, response, due_at, steps, history, error, created_at, ended_at`;

/** PostgreSQL channel: a flow run may be due. */
export const FLOWS_CHANNEL = 'millrace_flows';

export type NewFlowRun = World & Pick<FlowRun, 'id' | 'flowId' | 'eventId'> & { processId: string };

/**
 * Due at once. What they hold of flow and event, the database copies itself: neither travels once more for
 * each of them.
 */
export async function insertFlowRuns(sql: Sql, made: readonly NewFlowRun[]): Promise<void> {
  const rows = made.map(({ id, accountId, mode, flowId, eventId, processId }) => ({
    ...{ id, account_id: accountId, mode, flow_id: flowId, event_id: eventId, process_id: processId },
  }));
  await sql.query(
    `insert into flow_runs (id, account_id, mode, flow_id, flow_name, nodes, event_id, item_type, item_id, item_details,
       node_id, process_id, due_at)
     select n.id, f.account_id, f.mode, f.id, f.name, f.nodes, e.id, e.item_type, e.item_id, e.data,
       coalesce(jsonb_path_query_first(f.nodes, '$[*] ? (@.type == "start").id') #>> '{}', ''), n.process_id, now()
     from jsonb_to_recordset($1::jsonb) as n(id text, account_id text, mode mode, flow_id text, event_id text, process_id uuid)
     join flows f on f.id = n.flow_id and f.account_id = n.account_id and f.mode = n.mode
     join events e on e.account_id = n.account_id and e.mode = n.mode and e.id = n.event_id`,
    [JSON.stringify(rows)],
    'insert flow runs',
  );
  await announceDue(sql);
}

const LINE = { table: 'flow_runs', order: 'due_at', waits: "status = 'going' and due_at is not null" };
const DUE = turnsOverAccounts({
  ...{ ...LINE, key: 'id' },
  isDue: 'w.due_at <= now()',
  ofAccount: shareOf('$1'),
});

/**
 * Over all accounts, to each its share of `limit`, at least one: moving them on is the platform's own work.
 * Those that another node holds are passed over.
 */
export async function lockDueRuns(sql: Sql, limit: number): Promise<FlowRun[]> {
  const rows = await sql.query<Row>(
    `with recursive ${DUE}
     select ${COLUMNS.replaceAll(/\b(id|account_id)\b/g, 'flow_runs.$1')} from flow_runs
     join turns on turns.key = flow_runs.id
     -- Locked once more: as it is now, not as it was when this statement began.
     where flow_runs.status = 'going' and flow_runs.due_at <= now()
     order by turns.turn, turns.place for update of flow_runs skip locked`,
    [limit],
    'lock due flow runs',
  );
  return rows.map(fromRow);
}

/** How long until the next is due, on the database's clock; null: none waits for a time. ms */
export async function msUntilDue(sql: Sql): Promise<number | null> {
  const [row] = await sql.query<{ ms: number | null }>(
    `with recursive owners(account_id) as (${ownersOf(LINE)})
     select extract(epoch from ${firstDue(LINE)} - now())::float8 * 1000 as ms`,
  );
  return row?.ms ?? null;
}

export type FlowRunState = Pick<
  FlowRun,
  'status' | 'nodeId' | 'phase' | 'processId' | 'priorProcessId' | 'runId' | 'steps' | 'history' | 'error'
> & { /** null: it waits for a run, or is over. ms */ dueInMs: number | null };

/** Writes where a locked run stands now. */
export async function moveFlowRun(
  sql: Sql,
  { accountId, id }: Pick<FlowRun, 'accountId' | 'id'>,
  state: FlowRunState,
): Promise<void> {
  await sql.query(
    `update flow_runs set status = $3, node_id = $4, phase = $5, process_id = $6, prior_process_id = $7, run_id = $8,
       run_status = null, due_at = now() + make_interval(secs => $9::float8 / 1000), steps = $10, history = $11, error = $12,
       ended_at = case when $3 = 'going' then null else now() end
     where id = $1 and account_id = $2`,
    [
      id,
      accountId,
      state.status,
      state.nodeId,
      state.phase,
      state.processId,
      state.priorProcessId,
      state.runId,
      state.dueInMs,
      state.steps,
      JSON.stringify(state.history),
      state.error,
    ],
  );
}

/** Leaves a locked run where it stands, for a time. What it has received stays. */
export async function putOffFlowRun(
  sql: Sql,
  { accountId, id }: Pick<FlowRun, 'accountId' | 'id'>,
  afterMs: number,
): Promise<void> {
  await sql.query(
    `update flow_runs set due_at = now() + make_interval(secs => $3::float8 / 1000) where id = $1 and account_id = $2`,
    [id, accountId, afterMs],
  );
}

export type ReturnedRun = { accountId: string; runId: string; status: string; response: unknown };

/** Notifies flow runs that the function runs which they wait for are over. */
export async function returnToFlows(sql: Sql, returned: readonly ReturnedRun[]): Promise<void> {
  const rows = returned.map(({ accountId, runId, status, response }) => ({
    ...{ account_id: accountId, run_id: runId, run_status: status, response },
  }));
  await sql.query(
    `update flow_runs f set phase = 'returned', run_status = r.run_status, response = r.response, due_at = now()
     from jsonb_populate_recordset(null::flow_runs, $1::jsonb) r
     where f.run_id = r.run_id and f.account_id = r.account_id and f.status = 'going' and f.phase = 'waiting'`,
    [JSON.stringify(rows)],
  );
  await announceDue(sql);
}

/**
 * @returns whether it was going on; a function run that it waited for goes on, and nobody waits for it any
 * more
 */
export async function cancelFlowRun(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    `update flow_runs set status = 'cancelled', due_at = null, ended_at = now()
     where id = $1 and account_id = $2 and mode = $3 and status = 'going' returning id`,
    [id, world.accountId, world.mode],
  );
  return rows.length > 0;
}

export async function findFlowRun(sql: Sql, world: World, id: string): Promise<FlowRun | null> {
  const [row] = await sql.query<Row>(
    `select ${COLUMNS} from flow_runs where id = $1 and account_id = $2 and mode = $3`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

export type FlowRunPage = { flowId: string | null; limit: number; after: string | null };

/** Newest first. */
export async function listFlowRuns(sql: Sql, world: World, page: FlowRunPage): Promise<FlowRun[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from flow_runs
     where account_id = $1 and mode = $2 and ($3::text is null or flow_id = $3)
       and ($4::text is null or (created_at, id) < (
         select l.created_at, l.id from flow_runs l where l.id = $4 and l.account_id = $1 and l.mode = $2))
     order by created_at desc, id desc limit $5`,
    [world.accountId, world.mode, page.flowId, page.after, page.limit],
  );
  return rows.map(fromRow);
}

/**
 * Deletes those that ended before the retention, at most `limit` of them; returns how many. Over all
 * accounts.
 */
export async function deleteOldFlowRuns(sql: Sql, retentionDays: number, limit: number): Promise<number> {
  const rows = await sql.query(
    `delete from flow_runs where id in (
       select id from flow_runs where ended_at < now() - make_interval(days => $1) limit $2
     ) returning account_id`,
    [retentionDays, limit],
  );
  return rows.length;
}

async function announceDue(sql: Sql): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [FLOWS_CHANNEL, '']);
}

function fromRow(row: Row): FlowRun {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    flowId: row.flow_id,
    flowName: row.flow_name,
    nodes: row.nodes,
    eventId: row.event_id,
    itemType: row.item_type,
    itemId: row.item_id,
    itemDetails: row.item_details,
    status: row.status,
    nodeId: row.node_id,
    phase: row.phase,
    processId: row.process_id,
    priorProcessId: row.prior_process_id,
    runId: row.run_id,
    runStatus: row.run_status,
    response: row.response,
    dueAt: row.due_at,
    steps: row.steps,
    history: row.history,
    error: row.error,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
