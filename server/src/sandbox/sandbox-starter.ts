// Makes a running instance of a function: engine and code on this machine's disk, a jail around them, the handler loaded.
// Called by the pool when no idle instance is left.
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { Limits } from '../config/config.ts';
import { findRuntime } from '../engines/runtime-codes.ts';
import { fail } from '../errors/failure.ts';
import type { RunnableFunction } from '../functions/function.ts';
import type { LogLines } from '../logs/log-lines.ts';
import { Instance } from './instance.ts';
import type { SandboxDriver, SandboxSpec } from './sandbox-driver.ts';
import type { PoolTarget } from './sandbox-pool.ts';
import { startPayload } from './start-payload.ts';

export type StarterParts = {
  driver: SandboxDriver;
  /** Makes sure that a Node engine is installed. */
  ensureEngine(major: number): Promise<unknown>;
  /** Makes sure that a bundle is unpacked on this machine. */
  ensureBundle(hash: string): Promise<unknown>;
  clock: Clock;
  /** Told of what a run printed after its end. */
  onLateLines(fn: RunnableFunction, runId: string, log: LogLines): void;
  limits: Limits;
};

/** @returns what the pool needs to know to run a function */
export function targetMaker(parts: StarterParts): (fn: RunnableFunction) => PoolTarget {
  return (fn) => ({
    functionId: fn.id,
    revision: fn.revision,
    memoryMb: fn.memoryMb,
    reuse: fn.reuse,
    start: () => startInstance(parts, fn),
  });
}

async function startInstance(parts: StarterParts, fn: RunnableFunction): Promise<Instance> {
  const spec = specOf(parts.limits, fn);
  await Promise.all([parts.ensureEngine(spec.engineMajor), parts.ensureBundle(spec.bundleHash)]);
  const process = await parts.driver.start(spec);
  const instance = new Instance(process, {
    onLateLines: (runId, log) => parts.onLateLines(fn, runId, log),
    version: fn.version,
    reuse: fn.reuse,
    memoryMb: fn.memoryMb,
    initTimeoutMs: parts.limits.initTimeoutMs,
    resultLimitBytes: parts.limits.resultBytes,
    logLimitBytes: parts.limits.logBytesPerRun,
  });
  await instance.start(
    startPayload({
      fn,
      place: process.place,
      startedAt: new Date(parts.clock()),
      instanceId: randomBytes(16).toString('hex'),
      resultLimitBytes: parts.limits.resultBytes,
    }),
  );
  return instance;
}

function specOf(limits: Limits, fn: RunnableFunction): SandboxSpec {
  const runtime = findRuntime(fn.runtime);
  if (runtime === null || runtime === 'other_language') {
    fail('unavailable', { message: `there is no runtime ${fn.runtime} on this installation` });
  }
  return {
    id: randomBytes(6).toString('hex'),
    accountId: fn.accountId,
    bundleHash: fn.bundleHash,
    engineMajor: runtime.engineMajor,
    reuse: fn.reuse,
    limits: {
      memoryMb: fn.memoryMb,
      tmpMb: limits.tmpMb,
      cpuPercent: limits.cpuPercent,
      pids: limits.pids,
      openFiles: limits.openFiles,
    },
  };
}
