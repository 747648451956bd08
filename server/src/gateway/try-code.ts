// Runs or loads code that is no version: in a sandbox of its own, with all its walls, that ends when it is
// done. A test run is recorded and marked as one (`cause.test`), counts against the account's limits, and
// never as a fault of the function. Bounded per account. What was unpacked for it goes with the next tidying
// of the cache.
import { fail } from '../errors/failure.ts';
import type { RunnableFunction } from '../functions/function.ts';
import type { AccountGate } from '../limits/account-gate.ts';
import type { LogLine, LogLines } from '../logs/log-lines.ts';
import type { CallResult } from '../runs/call-function.ts';
import { type RunParts, runExecutor } from '../runs/execute-run.ts';
import type { RunCause } from '../runs/run.ts';
import type { RunInput } from '../runs/run-input.ts';
import type { RunError } from '../sandbox/outcome.ts';
import type { PoolTarget } from '../sandbox/revision-pool.ts';
import { StartFailure } from '../sandbox/start-failure.ts';
import type { BundleCache } from '../versions/bundle-cache.ts';
import { requireBuilt } from '../versions/unbuilt-sources.ts';

/** A function as it would be; its bundle is that of `zip`, or null: one that the database has. */
export type TriedCode = { fn: RunnableFunction; zip: Buffer | null };
/** `engine`: what it runs on, e.g. `node v24.1.0`. */
export type CodeLoading =
  | { kind: 'loaded'; engine: string }
  | { kind: 'failed'; error: RunError; lines: readonly LogLine[] };

export type CodeTrials = {
  /** @throws Failure `invalid_input` for a zip that is refused, `too_many_runs`, `unavailable` */
  load(tried: TriedCode): Promise<CodeLoading>;
  /** Resolves once the run is whole, its log too; it is recorded soon. @throws as {@link load} does */
  run(tried: TriedCode, call: { input: RunInput; cause: RunCause }): Promise<CallResult>;
};

type Parts = {
  runs: RunParts;
  gate: Pick<AccountGate, 'enter' | 'leave'>;
  bundles: Pick<BundleCache, 'receive' | 'hold'>;
  newId(): string;
  /** At a time, of one account. */
  mostPerAccount: number;
};

export function createCodeTrials(parts: Parts): CodeTrials {
  const going = new Map<string, number>();
  /** One more of the account, for as long as `work` goes on. */
  const during = async <T>(accountId: string, work: () => Promise<T>): Promise<T> => {
    const count = going.get(accountId) ?? 0;
    if (count >= parts.mostPerAccount) {
      fail('too_many_runs', {
        message: `${parts.mostPerAccount} trials of code are going on already: try again when one is over`,
        facts: { limit: parts.mostPerAccount, retryAfterS: 1 },
      });
    }
    going.set(accountId, count + 1);
    try {
      return await work();
    } finally {
      const left = (going.get(accountId) ?? 1) - 1;
      if (left > 0) going.set(accountId, left);
      else going.delete(accountId);
    }
  };
  const trying = <T>(tried: TriedCode, work: (fn: RunnableFunction, key: string) => Promise<T>): Promise<T> =>
    during(tried.fn.accountId, () => withCode(parts, tried, (fn) => inOwnPool(parts, fn, work)));
  return {
    load: (tried) => trying(tried, (fn, key) => loadOnce(parts, fn, key)),
    run: (tried, call) => trying(tried, (fn, key) => runOnce(parts, fn, { ...call, key })),
  };
}

/** Unpacked, and kept on disk until it is done. */
async function withCode<T>(
  { bundles }: Parts,
  { fn, zip }: TriedCode,
  work: (fn: RunnableFunction) => Promise<T>,
): Promise<T> {
  if (zip === null) return await work(fn);
  const received = await bundles.receive(zip);
  const letGo = bundles.hold(received.hash);
  try {
    requireBuilt(fn.runtime, received.paths);
    await received.publish();
    return await work({ ...fn, bundleHash: received.hash });
  } finally {
    letGo();
    await received.discard();
  }
}

/** No other run gets its instance, and it gets nobody's. */
async function inOwnPool<T>(
  { runs, gate, newId }: Parts,
  fn: RunnableFunction,
  work: (fn: RunnableFunction, key: string) => Promise<T>,
): Promise<T> {
  const key = `trial/${newId()}`;
  const admitted = await gate.enter(fn.accountId);
  try {
    return await work({ ...fn, disableAfterFaults: 0 }, key);
  } finally {
    gate.leave(admitted);
    runs.pool.retire(key);
  }
}

function targetOf({ runs }: Parts, fn: RunnableFunction, key: string): PoolTarget {
  return { ...runs.targetOf(fn), functionId: key };
}

async function loadOnce(parts: Parts, fn: RunnableFunction, key: string): Promise<CodeLoading> {
  const { pool } = parts.runs;
  try {
    const lease = await pool.acquire(targetOf(parts, fn, key));
    const { engine, fault } = lease.instance;
    pool.release(lease);
    return fault === null ? { kind: 'loaded', engine } : { kind: 'failed', error: fault, lines: [] };
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    return { kind: 'failed', error: error.outcome.error, lines: error.log.lines };
  }
}

type KeyedCall = { input: RunInput; cause: RunCause; key: string };

async function runOnce(
  parts: Parts,
  fn: RunnableFunction,
  { key, input, cause }: KeyedCall,
): Promise<CallResult> {
  const whole = Promise.withResolvers<LogLines | null>();
  const { recorder } = parts.runs;
  const execute = runExecutor({
    ...parts.runs,
    targetOf: (one) => targetOf(parts, one, key),
    recorder: {
      begin: (run) => recorder.begin(run),
      finish: (run, log, { complete, ...finishing } = {}) => {
        // When the run is written, its instance is gone, and its memory can't be read any more.
        complete?.();
        recorder.finish(run, log, finishing);
        whole.resolve(log);
      },
    },
  });
  const result = await execute(fn, { input, cause: { ...cause, test: true } });
  await whole.promise;
  return result;
}
