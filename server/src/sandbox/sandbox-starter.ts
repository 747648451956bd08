// Makes a running instance of a function: engine and code on this machine's disk, a jail around them, the
// handler loaded. Called by the pool when no idle instance is left.
import { randomBytes } from 'node:crypto';
import type { EngineName } from '../../../contract/engine-name.ts';
import type { Clock } from '../clock/clock.ts';
import type { Limits } from '../config/limits.ts';
import type { Engines } from '../engines/engines.ts';
import { fail } from '../errors/failure.ts';
import { concurrencyOf, type RunnableFunction } from '../functions/function.ts';
import type { LogLines } from '../logs/log-lines.ts';
import { maskOf } from '../logs/secret-mask.ts';
import { Instance } from './instance.ts';
import type { PoolTarget } from './revision-pool.ts';
import type { AskSettings } from './run-asks.ts';
import type { SandboxDriver, SandboxSpec } from './sandbox-driver.ts';
import { type FunctionGlobals, startPayload } from './start-payload.ts';

export type StarterParts = {
  driver: SandboxDriver;
  /** Which engine runs the functions of a runtime code. */
  chooseEngine: Engines['choose'];
  /** Makes sure that an engine is installed. */
  ensureEngine(engine: EngineName): Promise<unknown>;
  /** Makes sure that a bundle is unpacked on this machine. */
  ensureBundle(hash: string): Promise<unknown>;
  /** Networks that an account denies itself, as of now. */
  egressDenyOf(accountId: string): Promise<readonly string[]>;
  clock: Clock;
  /** Called with what a run printed after its end. */
  onLateLines(fn: RunnableFunction, runId: string, log: LogLines): void;
  /** Called with the processor time that loading has taken, whatever came of it. ms */
  onLoaded?(fn: RunnableFunction, usedMs: number): void;
  /** Called with how long a start took. ms */
  onStart?: ((result: 'ready' | 'failed', ms: number) => void) | undefined;
  /** What a function finds on `global` to ask the platform with, and who answers; null: nothing. */
  offers: Offers | null;
  limits: Limits;
};

export type Offers = {
  globalsOf(fn: RunnableFunction): FunctionGlobals;
  /** Second names of packages, by which it may ask for them and find them. */
  aliasesOf(fn: RunnableFunction): Readonly<Record<string, string>>;
  /** @throws Failure: what the function gets */
  answer(fn: RunnableFunction, name: string, args: readonly unknown[]): Promise<unknown>;
  /** Called with what went wrong on our side. */
  onDefect(error: unknown): void;
};

/** @returns what the pool needs to know to run a function */
export function createTargetMaker(parts: StarterParts): (fn: RunnableFunction) => PoolTarget {
  return (fn) => ({
    functionId: fn.id,
    accountId: fn.accountId,
    revision: fn.revision,
    memoryMb: fn.memoryMb,
    reuse: fn.reuse,
    places: concurrencyOf(fn),
    start: () => timedStart(parts, fn),
  });
}

async function timedStart(parts: StarterParts, fn: RunnableFunction): Promise<Instance> {
  const since = performance.now();
  try {
    const instance = await startInstance(parts, fn);
    parts.onStart?.('ready', performance.now() - since);
    return instance;
  } catch (error) {
    parts.onStart?.('failed', performance.now() - since);
    throw error;
  }
}

async function startInstance(parts: StarterParts, fn: RunnableFunction): Promise<Instance> {
  const egressDeny = await parts.egressDenyOf(fn.accountId);
  const spec = { ...specOf(parts.limits, fn, engineOf(parts, fn)), egressDeny };
  const hashes = [spec.bundleHash, spec.layerHash].filter((hash) => hash !== null);
  await Promise.all([parts.ensureEngine(spec.engine), ...hashes.map(parts.ensureBundle)]);
  const process = await parts.driver.start(spec);
  const globals = parts.offers?.globalsOf(fn) ?? {};
  const instance = new Instance(process, {
    onLateLines: (runId, log) => parts.onLateLines(fn, runId, log),
    version: fn.version,
    reuse: fn.reuse,
    concurrency: concurrencyOf(fn),
    memoryMb: fn.memoryMb,
    initTimeoutMs: parts.limits.initTimeoutMs,
    resultLimitBytes: parts.limits.resultBytes,
    logLimitBytes: parts.limits.logBytesPerRun,
    mask: maskOf(fn),
    asks: asksOf(parts, fn, globals),
  });
  const payload = startPayload({
    ...{ fn, globals, aliases: parts.offers?.aliasesOf(fn) ?? {} },
    place: process.place,
    startedAt: new Date(parts.clock()),
    instanceId: randomBytes(16).toString('hex'),
    resultLimitBytes: parts.limits.resultBytes,
    logLimitBytes: parts.limits.logBytesPerRun,
  });
  const fromMs = process.cpuUsageMs() ?? 0;
  // One that can't be loaded has ended by then, and its use is known to the last.
  const count = (): void => parts.onLoaded?.(fn, Math.max(0, (process.cpuUsageMs() ?? 0) - fromMs));
  await instance.start(payload).finally(count);
  return instance;
}

function asksOf(
  { offers, limits }: StarterParts,
  fn: RunnableFunction,
  globals: FunctionGlobals,
): AskSettings | null {
  const names = new Set(Object.values(globals).flatMap((functions) => Object.values(functions)));
  if (offers === null || names.size === 0) return null;
  return {
    names,
    limits: { asks: limits.asksPerRun, bytes: limits.askBytesPerRun },
    answer: (name, args) => offers.answer(fn, name, args),
    onDefect: offers.onDefect,
  };
}

function engineOf({ chooseEngine }: StarterParts, fn: RunnableFunction): EngineName {
  const chosen = chooseEngine(fn.runtime);
  return 'engine' in chosen ? chosen.engine : fail('unavailable', { message: chosen.problem });
}

type Fixed = Omit<SandboxSpec, 'egressDeny'>;

function specOf(limits: Limits, fn: RunnableFunction, engine: EngineName): Fixed {
  return {
    id: randomBytes(6).toString('hex'),
    accountId: fn.accountId,
    bundleHash: fn.bundleHash,
    layerHash: fn.layerHash,
    engine,
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
