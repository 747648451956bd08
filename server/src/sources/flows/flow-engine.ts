// Moves flow runs on: takes those that are due, carries out what flow-moves.ts says, all in one transaction
// with the runs that follow. One on every node; a row's lock keeps two from moving the same run. Started by
// roles/.
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { HOURLY_MS, startRounds, sweepInBatches } from '../../clock/rounds.ts';
import { startWakefulLoop } from '../../clock/wakeful-loop.ts';
import { Failure } from '../../errors/failure.ts';
import type { Database, Sql } from '../../postgres/database.ts';
import type { NewRun } from '../../queue/new-run.ts';
import type { RunQueue } from '../../queue/run-queue.ts';
import type { FlowRun, FlowStep } from './flow.ts';
import { type Move, moveWithoutFunction, nextMove, type OwnMove } from './flow-moves.ts';
import {
  deleteOldFlowRuns,
  type FlowRunState,
  lockDueRuns,
  moveFlowRun,
  msUntilDue,
  putOffFlowRun,
} from './flow-run-store.ts';

export type FlowEngine = { wake(): void; stop(): Promise<unknown> };

type Parts = {
  database: Database;
  queue: RunQueue;
  newRunId(nowMs: number): string;
  /** Unix time in ms. */
  clock(): number;
  log: Logger;
  /** Nodes that one flow run may enter: an endless loop ends there. */
  mostSteps: number;
  retentionDays: number;
};

const BATCH = 50;
/** Nodes gone through without letting others in between. */
const MOVES_AT_ONCE = 50;
/** A node may have died with a run in hand, or a notification may be lost. ms */
const LOOK_EVERY_MS = 2_000;
const RETRY_AFTER_MS = 1_000;
/** What is due all the same is in another node's hands, for now. */
const OTHERS_PAUSE_MS = 25;
/** How long one that was refused is left alone; and one that we can't move although we should. */
const REFUSED_PAUSE_MS = 5_000;
const DEFECT_PAUSE_MS = 60_000;
const SWEPT_AT_ONCE = 1_000;

export function startFlowEngine(parts: Parts): FlowEngine {
  const { database, log, retentionDays } = parts;
  const loop = startWakefulLoop({
    look: () => moveAll(parts),
    onError: (error) => log.error({ err: error }, 'flow runs could not be moved on'),
    retryAfterMs: RETRY_AFTER_MS,
  });
  const sweep = startRounds({
    everyMs: HOURLY_MS,
    round: (stopping) =>
      sweepInBatches((batch) => deleteOldFlowRuns(database, retentionDays, batch), SWEPT_AT_ONCE, stopping),
    onError: (error) => log.error({ err: error }, 'old flow runs could not be deleted'),
  });
  return { wake: loop.wake, stop: () => Promise.all([loop.stop(), sweep.stop()]) };
}

/** @returns how long until there may be something to do again. ms */
async function moveAll(parts: Parts): Promise<number> {
  for (;;) {
    const moved = await parts.database.transaction((sql) => moveBatch(parts, sql));
    if (moved > 0) parts.queue.wake();
    if (moved === 0) break;
  }
  const untilMs = await msUntilDue(parts.database);
  return Math.min(LOOK_EVERY_MS, Math.max(OTHERS_PAUSE_MS, untilMs ?? LOOK_EVERY_MS));
}

async function moveBatch(parts: Parts, sql: Sql): Promise<number> {
  const due = await lockDueRuns(sql, BATCH);
  for (const run of due) await moveApart(parts, sql, run);
  return due.length;
}

/** One that can't be moved stands in nobody else's way. @throws where the connection is lost */
async function moveApart(parts: Parts, sql: Sql, run: FlowRun): Promise<void> {
  await sql.query('savepoint flow_run');
  try {
    await moveOne(parts, sql, run);
    await sql.query('release savepoint flow_run');
  } catch (error) {
    await sql.query('rollback to savepoint flow_run');
    await notMoved(parts, sql, { run, error });
  }
}

/**
 * What may pass (the account's queue is full) is tried again; what never will (too much for a run) ends the
 * flow run.
 */
async function notMoved(
  parts: Parts,
  sql: Sql,
  { run, error }: { run: FlowRun; error: unknown },
): Promise<void> {
  const state = stateOf(run);
  if (error instanceof Failure && !error.kind.retry) {
    const history = withStep(run, error.message, parts.clock());
    const failed = { status: 'failed', error: error.message, history } as const;
    return await moveFlowRun(sql, run, { ...state, ...failed, dueInMs: null });
  }
  const isExpected = error instanceof Failure;
  if (!isExpected) parts.log.error({ err: error, flowRun: run.id }, 'a flow run could not be moved on');
  await putOffFlowRun(sql, run, isExpected ? REFUSED_PAUSE_MS : DEFECT_PAUSE_MS);
}

async function moveOne(parts: Parts, sql: Sql, run: FlowRun): Promise<void> {
  let at = run;
  for (let moves = 0; moves < MOVES_AT_ONCE; moves += 1) {
    let move = at.steps >= parts.mostSteps ? tooLong(parts.mostSteps) : nextMove(at);
    if (move.to === 'run') {
      const runId = await queueFunction(parts, sql, { run: at, functionId: move.functionId });
      if (runId !== null) {
        return await moveFlowRun(sql, run, { ...stateOf(at), phase: 'waiting', runId, dueInMs: null });
      }
      move = moveWithoutFunction(at);
    }
    if (move.to !== 'node') return await settle(parts, sql, { run: at, move });
    at = entering(at, move, parts.clock());
  }
  // Others are let in: it is due again at once.
  await moveFlowRun(sql, run, { ...stateOf(at), dueInMs: 0 });
}

/** @returns the id of the run; null: there is no such function any more */
async function queueFunction(
  { queue, newRunId, clock }: Parts,
  sql: Sql,
  { run, functionId }: { run: FlowRun; functionId: string },
): Promise<string | null> {
  const made = functionRun(run, functionId, newRunId(clock()));
  const [taken] = await queue.enqueue(sql, [made]);
  return taken ?? null;
}

/** What it has learned of a response stays for the nodes that come after. */
function entering(run: FlowRun, move: Extract<Move, { to: 'node' }>, nowMs: number): FlowRun {
  return {
    ...run,
    nodeId: move.nodeId,
    phase: 'entering',
    priorProcessId: run.processId,
    processId: randomUUID(),
    steps: run.steps + 1,
    history: withStep(run, move.why, nowMs),
  };
}

async function settle(
  parts: Parts,
  sql: Sql,
  { run, move }: { run: FlowRun; move: Exclude<OwnMove, { to: 'node' }> },
): Promise<void> {
  const state = stateOf(run);
  if (move.to === 'wait') {
    return await moveFlowRun(sql, run, { ...state, phase: 'waiting', dueInMs: move.delayMs });
  }
  const error = move.to === 'failed' ? move.error : null;
  const history = withStep(run, move.to === 'failed' ? move.error : move.why, parts.clock());
  const status = error === null ? 'completed' : 'failed';
  await moveFlowRun(sql, run, { ...state, status, history, error, dueInMs: null });
}

function stateOf(run: FlowRun): Omit<FlowRunState, 'dueInMs'> {
  const { status, nodeId, phase, processId, priorProcessId, runId, steps, history, error } = run;
  return { status, nodeId, phase, processId, priorProcessId, runId, steps, history, error };
}

/** Of a long run the latest steps are kept. */
const KEPT_STEPS = 200;

function withStep(run: FlowRun, what: string, nowMs: number): FlowStep[] {
  const at = new Date(nowMs).toISOString();
  const step = { node_id: run.nodeId ?? '', process_id: run.processId, at, what };
  return [...run.history, step].slice(-KEPT_STEPS);
}

function functionRun(run: FlowRun, functionId: string, id: string): NewRun {
  const facts = {
    run_id: run.id,
    node_id: run.nodeId,
    process_id: run.processId,
    prior_process_id: run.priorProcessId,
  };
  return {
    ...{ accountId: run.accountId, mode: run.mode, id, functionId },
    input: {
      trigger: 'flow',
      source: { id: run.flowId, name: run.flowName, facts },
      data: { item_type: run.itemType, item_id: run.itemId, item_details: run.itemDetails },
    },
    cause: { flow_id: run.flowId, flow_run_id: run.id, node_id: run.nodeId, item_id: run.itemId },
    ...{ triggerId: null, eventId: run.eventId, due: { afterMs: 0 }, version: null, replayOf: null },
  };
}

function tooLong(mostSteps: number): Move {
  return { to: 'failed', error: `the flow run entered ${mostSteps} nodes: it would never end` };
}
