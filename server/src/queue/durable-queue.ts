// Accepts asynchronous runs: checks their size and the account's depth, seals their input, writes them in the
// caller's transaction. Executes nothing. Built by roles/open-queue.ts; see run-queue.ts for who calls it.
import { fail } from '../errors/failure.ts';
import { type KeptBytes, ROW_BYTES } from '../limits/kept-bytes.ts';
import type { Sql } from '../postgres/database.ts';
import { type Seals, sealInput } from '../runs/sealed-contents.ts';
import { insertQueuedRuns, type SealedRun } from './enqueue-store.ts';
import type { NewRun } from './new-run.ts';
import type { QueueDepth } from './queue-depth.ts';
import type { RunQueue } from './run-queue.ts';

export type DurableQueueParts = {
  keys: Seals;
  depth: Pick<QueueDepth, 'add'>;
  /** Largest input, as JSON. */
  inputLimitBytes: number;
  /** Whether an account may have more; counts what is written. */
  kept?: Pick<KeptBytes, 'add' | 'require'>;
  wake(): void;
  /** Is given what is accepted, in the same transaction. */
  announce?(sql: Sql, runs: readonly NewRun[]): Promise<void>;
};

/** What one statement carries at most. */
const BATCH_RUNS = 1_000;
const BATCH_BYTES = 8 * 1024 * 1024;

export function createDurableQueue(parts: DurableQueueParts): RunQueue {
  return {
    async enqueue(sql, runs) {
      const plain = runs.map((run) => inputOf(run, parts.inputLimitBytes));
      for (const [accountId, count] of countByAccount(runs)) {
        parts.kept?.require(accountId);
        await parts.depth.add(sql, accountId, count);
      }
      for (const [at, { accountId }] of runs.entries())
        parts.kept?.add(accountId, ROW_BYTES + (plain[at]?.length ?? 0));
      const ids: string[] = [];
      for (let at = 0; at < runs.length; ) {
        const end = batchEnd(plain, at);
        ids.push(...(await insertBatch(parts.keys, sql, runs.slice(at, end), plain.slice(at, end))));
        at = end;
      }
      await parts.announce?.(sql, runs);
      return ids;
    },
    wake: parts.wake,
  };
}

/** @throws Failure `payload_too_large` */
function inputOf(run: NewRun, limitBytes: number): Buffer {
  const input = Buffer.from(JSON.stringify(run.input));
  if (input.length > limitBytes) {
    fail('payload_too_large', {
      message: `the input of a queued run may have at most ${limitBytes} bytes, this has ${input.length}`,
      facts: { limitBytes, sizeBytes: input.length },
    });
  }
  return input;
}

function countByAccount(runs: readonly NewRun[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { accountId } of runs) counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
  return counts;
}

/** @returns the index behind the last run that goes into one statement with the one at `start` */
function batchEnd(inputs: readonly Buffer[], start: number): number {
  let bytes = 0;
  let at = start;
  while (at < inputs.length && at - start < BATCH_RUNS) {
    bytes += (inputs[at] as Buffer).length;
    if (bytes > BATCH_BYTES && at > start) break;
    at += 1;
  }
  return at;
}

async function insertBatch(
  keys: Seals,
  sql: Sql,
  runs: readonly NewRun[],
  inputs: readonly Buffer[],
): Promise<string[]> {
  const sealing = runs.map(async (run, at): Promise<SealedRun> => {
    const owner = { accountId: run.accountId, runId: run.id };
    return { ...run, sealedInput: await sealInput(keys, owner, inputs[at] as Buffer) };
  });
  return await insertQueuedRuns(sql, await Promise.all(sealing));
}
