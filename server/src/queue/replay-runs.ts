// Runs something again that has ended: as a new run, with the same input or another, on whichever version is
// wanted. The old run stays as it is; both know each other. Built by roles/start-replays.ts, called by the
// API.
import type { World } from '../accounts/account.ts';
import { Failure, fail } from '../errors/failure.ts';
import type { FunctionDirectory } from '../functions/function-directory.ts';
import type { Database, Sql } from '../postgres/database.ts';
import type { StoredRun } from '../runs/run.ts';
import type { RunInput } from '../runs/run-input.ts';
import type { RunSelection } from '../runs/run-selection.ts';
import { findRun, findSealed } from '../runs/run-store.ts';
import { openInput, type Seals } from '../runs/sealed-contents.ts';
import type { NewRun } from './new-run.ts';
import {
  type Candidate,
  type CandidateKind,
  databaseNow,
  findCandidates,
  markRedriven,
} from './replay-store.ts';
import type { RunQueue } from './run-queue.ts';

/** `same`: the one that the run ran; `active`: whichever is active when the new run begins. */
export type ReplayVersion = 'same' | 'active' | number;

export type ReplayRequest = {
  /** The input of the new run; null: the old one's. */
  input: RunInput | null;
  version: ReplayVersion;
};

export type BatchReplay = {
  kind: CandidateKind;
  selection: RunSelection;
  version: ReplayVersion;
  /** Runs that are looked at. */
  limit: number;
  after: BatchCursor | null;
};

/** Where a batch goes on. `before`: what came later isn't looked at, the batch's own runs among them. */
export type BatchCursor = { lastId: string; before: Date };

/** Why a run of a batch isn't run again. */
export type SkipReason = 'input_not_kept' | 'function_gone' | 'function_disabled';

export type BatchResult = {
  replayed: { runId: string; replayId: string }[];
  skipped: { runId: string; reason: SkipReason }[];
  /** null: there are no more. */
  next: BatchCursor | null;
  /** Why the batch ended before its limit. */
  stopped: Failure | null;
};

export type Replays = {
  /**
   * @throws Failure `invalid_state` for a run that hasn't ended, or whose input isn't kept; `not_found` for
   * its function;
   *   `function_disabled`, `invalid_input` for a version that isn't there, and what {@link RunQueue.enqueue} throws
   */
  one(world: World, run: StoredRun, wanted: ReplayRequest): Promise<StoredRun>;
  /** @throws Failure when not even the first run could be taken */
  many(world: World, wanted: BatchReplay): Promise<BatchResult>;
};

export type ReplayParts = {
  database: Database;
  queue: RunQueue;
  keys: Seals;
  functions: Pick<FunctionDirectory, 'find' | 'findVersion'>;
  newRunId(nowMs: number): string;
  /** Unix time in ms. */
  clock(): number;
};

/** Runs of a batch that one transaction takes: their inputs are in memory together. */
const CHUNK_RUNS = 20;

export function openReplays(parts: ReplayParts): Replays {
  return {
    one: (world, run, wanted) => replayOne(parts, world, { run, wanted }),
    many: (world, wanted) => replayMany(parts, world, wanted),
  };
}

type One = { run: StoredRun; wanted: ReplayRequest };

async function replayOne(parts: ReplayParts, world: World, { run, wanted }: One): Promise<StoredRun> {
  requireEnded(run);
  await requireFunction(parts, world, run.functionId, wanted.version);
  const input = wanted.input ?? (await keptInput(parts, world, run));
  const replay = newRunOf(parts, world, run, { input, version: wanted.version });
  if (wanted.input !== null) replay.cause = { ...replay.cause, edited: true };
  const accepted = await parts.database.transaction(async (sql) => {
    await parts.queue.enqueue(sql, [replay]);
    await markRedriven(sql, world, [run.id]);
    return await findRun(sql, world, replay.id);
  });
  parts.queue.wake();
  return accepted ?? fail('not_found', { message: `there is no function ${run.functionId}` });
}

function requireEnded({ status }: StoredRun): void {
  if (status !== 'queued' && status !== 'running') return;
  fail('invalid_state', { message: `the run is ${status}: only a run that has ended can be run again` });
}

/** @throws Failure where it can't run, or hasn't the version */
async function requireFunction(
  { functions }: ReplayParts,
  world: World,
  functionId: string,
  version: ReplayVersion,
): Promise<void> {
  const fn = await functions.find(functionId);
  if (fn === null || fn.accountId !== world.accountId || fn.mode !== world.mode) {
    fail('not_found', { message: `the function of the run, ${functionId}, was deleted` });
  }
  if (!fn.enabled) fail('function_disabled', { message: `the function ${functionId} is disabled` });
  if (typeof version === 'number' && (await functions.findVersion(functionId, version)) === null) {
    fail('invalid_input', { message: `version: the function has no version ${version}`, field: 'version' });
  }
}

async function keptInput(parts: ReplayParts, world: World, run: StoredRun): Promise<RunInput> {
  const sealed = (await findSealed(parts.database, world, run.id))?.input ?? null;
  if (sealed !== null)
    return await openInput(parts.keys, { accountId: world.accountId, runId: run.id }, sealed);
  return fail('invalid_state', {
    message: 'the input of the run is not kept: send one as `input`',
    field: 'input',
  });
}

type Again = { input: RunInput; version: ReplayVersion };

/** It isn't its trigger's run: that trigger's pause doesn't hold it. */
function newRunOf(
  { newRunId, clock }: ReplayParts,
  world: World,
  run: Pick<StoredRun, 'id' | 'functionId' | 'version' | 'cause' | 'eventId'>,
  { input, version }: Again,
): NewRun {
  const { accountId, mode } = world;
  const { functionId, cause, eventId, id: replayOf } = run;
  const pinned = version === 'active' ? null : version === 'same' ? run.version : version;
  return {
    ...{ id: newRunId(clock()), accountId, mode, functionId, input, cause, due: { afterMs: 0 } },
    ...{ triggerId: null, eventId, version: pinned, replayOf },
  };
}

async function replayMany(parts: ReplayParts, world: World, wanted: BatchReplay): Promise<BatchResult> {
  if (typeof wanted.version === 'number' && wanted.selection.functionId !== null) {
    await requireFunction(parts, world, wanted.selection.functionId, wanted.version);
  }
  const before = wanted.after?.before ?? (await databaseNow(parts.database));
  const result: BatchResult = { replayed: [], skipped: [], next: wanted.after, stopped: null };
  for (let left = wanted.limit; left > 0; ) {
    const limit = Math.min(left, CHUNK_RUNS);
    const page = { after: result.next?.lastId ?? null, before, limit };
    const chunk = await replayChunk(parts, world, { wanted, page }).catch((error: unknown) => {
      if (!(error instanceof Failure) || result.replayed.length === 0) throw error;
      return error;
    });
    if (chunk instanceof Failure) return finished(parts, { ...result, stopped: chunk });
    result.replayed.push(...chunk.replayed);
    result.skipped.push(...chunk.skipped);
    if (chunk.lastId !== null) result.next = { lastId: chunk.lastId, before };
    if (chunk.seen < limit) return finished(parts, { ...result, next: null });
    left -= chunk.seen;
  }
  return finished(parts, result);
}

function finished({ queue }: ReplayParts, result: BatchResult): BatchResult {
  if (result.replayed.length > 0) queue.wake();
  return result;
}

type Chunk = Pick<BatchResult, 'replayed' | 'skipped'> & { seen: number; lastId: string | null };
type ChunkRequest = { wanted: BatchReplay; page: Parameters<typeof findCandidates>[3] };

function replayChunk(parts: ReplayParts, world: World, { wanted, page }: ChunkRequest): Promise<Chunk> {
  return parts.database.transaction(async (sql) => {
    const candidates = await findCandidates(sql, world, wanted, page);
    const taken = await acceptAll(parts, sql, { world, candidates, version: wanted.version });
    const lastId = candidates.at(-1)?.id ?? null;
    await markRedriven(
      sql,
      world,
      taken.replayed.map(({ runId }) => runId),
    );
    return { ...taken, seen: candidates.length, lastId };
  });
}

type Acceptance = { world: World; candidates: readonly Candidate[]; version: ReplayVersion };

async function acceptAll(
  parts: ReplayParts,
  sql: Sql,
  { world, candidates, version }: Acceptance,
): Promise<Pick<BatchResult, 'replayed' | 'skipped'>> {
  const replayed: BatchResult['replayed'] = [];
  const skipped: BatchResult['skipped'] = [];
  const runs: NewRun[] = [];
  for (const candidate of candidates) {
    const reason = reasonToSkip(candidate);
    if (reason !== null || candidate.sealedInput === null) {
      skipped.push({ runId: candidate.id, reason: reason ?? 'input_not_kept' });
      continue;
    }
    const owner = { accountId: world.accountId, runId: candidate.id };
    const input = await openInput(parts.keys, owner, candidate.sealedInput);
    runs.push(newRunOf(parts, world, candidate, { input, version }));
  }
  const taken = new Set(await parts.queue.enqueue(sql, runs));
  for (const { id, replayOf } of runs) {
    if (taken.has(id)) replayed.push({ runId: replayOf ?? '', replayId: id });
    else skipped.push({ runId: replayOf ?? '', reason: 'function_gone' });
  }
  return { replayed, skipped };
}

/** Pure. */
function reasonToSkip({ isFunctionEnabled, sealedInput }: Candidate): SkipReason | null {
  if (isFunctionEnabled === null) return 'function_gone';
  if (!isFunctionEnabled) return 'function_disabled';
  return sealedInput === null ? 'input_not_kept' : null;
}
