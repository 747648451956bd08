// Builds one set of packages: a jail, a lock, and, unless the same packages were built before, a layer.
// Everything about it is written by one claim and counts only while that claim does. Called by
// build-worker.ts.
//
//   jail started -> lock -> layer known: shared                      -> ready
//                        -> packages -> zip checked, kept, published -> ready
//                any of them refused, too long or too large          -> failed
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { SandboxLimits } from '../../../contract/sandbox.ts';
import type { Clock } from '../clock/clock.ts';
import type { Limits } from '../config/limits.ts';
import { Failure } from '../errors/failure.ts';
import type { Database } from '../postgres/database.ts';
import type { SandboxDriver, SandboxProcess } from '../sandbox/sandbox-driver.ts';
import type { BundleCache } from '../versions/bundle-cache.ts';
import { keepBundle } from '../versions/bundle-store.ts';
import { readZipDirectory } from '../versions/zip-directory.ts';
import type { BuildError } from './build.ts';
import { BuildConversation, BuildRefusal, ConversationOver } from './build-conversation.ts';
import { BuildLog } from './build-log.ts';
import { findLayer, keepLayer } from './layer-store.ts';
import { type Lock, readLock } from './lock.ts';
import { appendLog, type ClaimedSet, clearLog, finishSet, type SetEnd } from './package-set-store.ts';
import { readPipLock } from './pip-lock.ts';

export type BuildSetParts = {
  database: Database;
  driver: Pick<SandboxDriver, 'build'>;
  bundles: Pick<BundleCache, 'receive'>;
  limits: Limits;
  registry: string;
  /** Of Python's packages. */
  index: string;
  /** Names of the packages whose install scripts are run. */
  scripts: readonly string[];
  platform: string;
  clock: Clock;
  log: Logger;
};

const MIB = 1024 * 1024;
/** npm's cache lies beside what is installed, compressed. */
const TMP_SHARE = 1.6;
const TMP_BASE_MB = 64;
/** What a zip adds to each file, its name twice included. */
const ZIP_ENTRY_BYTES = 1024;

/**
 * @param stopping ends the build without an outcome
 * @throws Error when the platform can't go on with it: another try may
 */
export async function buildSet(parts: BuildSetParts, set: ClaimedSet, stopping: AbortSignal): Promise<void> {
  const { database, limits, clock } = parts;
  await clearLog(database, set);
  const log = new BuildLog({
    limitBytes: limits.buildLogBytes,
    clock,
    write: (from, lines) => appendLog(database, set, from, lines),
    log: parts.log,
  });
  try {
    const runsOn = set.python?.engine ?? `Node ${set.engineMajor}`;
    const source = set.python === undefined ? parts.registry : parts.index;
    log.say(`${runsOn}, ${parts.platform}, packages from ${source}`);
    const end = await buildInJail(parts, set, { log, stopping });
    if (end === null) return;
    log.say(end.status === 'failed' ? `Failed: ${end.error.message}` : 'Ready.');
    await log.end();
    if (end.status === 'failed') await finishSet(database, set, end);
  } finally {
    await log.end();
  }
}

type Going = { log: BuildLog; stopping: AbortSignal };

/** @returns null when it was stopped; a ready end is written already, with its layer */
async function buildInJail(parts: BuildSetParts, set: ClaimedSet, going: Going): Promise<SetEnd | null> {
  const { limits } = parts;
  const jail = await parts.driver.build({
    ...{ id: randomBytes(6).toString('hex'), limits: jailLimits(limits) },
    python: set.python?.engine ?? null,
  });
  const timeout = AbortSignal.timeout(limits.buildTimeoutMs);
  const signal = AbortSignal.any([timeout, going.stopping]);
  const kill = (): void => jail.kill();
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  const printed = Promise.all([follow(jail, 'stdout', going.log), follow(jail, 'stderr', going.log)]);
  let lock: Lock | null = null;
  try {
    const conversation = new BuildConversation(jail.control);
    lock = await resolveLock(parts, set, conversation);
    going.log.say(`${lock.packages} packages are needed.`);
    return await finishWithLayer(parts, set, { lock, conversation, log: going.log });
  } catch (error) {
    if (going.stopping.aborted) return null;
    return {
      status: 'failed',
      lock: lock?.text ?? null,
      error: await errorOf(error, { jail, limits, timeout }),
    };
  } finally {
    signal.removeEventListener('abort', kill);
    jail.kill();
    jail.control.destroy();
    await jail.exited;
    await printed;
  }
}

async function resolveLock(
  { registry, index, scripts, limits, platform }: BuildSetParts,
  { dependencies, engineMajor, python }: ClaimedSet,
  conversation: BuildConversation,
): Promise<Lock> {
  const { layerBytes, layerEntries } = limits;
  const order =
    python === undefined
      ? { dependencies, registry, scripts }
      : { requirements: python.requirements, index: `${index}/` };
  const text = await conversation.resolve({ ...order, limits: { layerBytes, layerEntries } });
  try {
    if (python !== undefined) return readPipLock(text, { dependencies, engine: python.engine, platform });
    return readLock(text, { dependencies, engineMajor, platform, scripts });
  } catch (error) {
    throw new BuildRefusal('resolve', (error as Error).message);
  }
}

type Found = { lock: Lock; conversation: BuildConversation; log: BuildLog };

async function finishWithLayer(
  parts: BuildSetParts,
  set: ClaimedSet,
  { lock, conversation, log }: Found,
): Promise<SetEnd> {
  const { database, limits } = parts;
  const end: SetEnd = { status: 'ready', resolved: lock.resolved, lock: lock.text, layerKey: lock.key };
  const isShared = await database.transaction(
    async (sql) => (await findLayer(sql, lock.key)) !== null && (await finishSet(sql, set, end)),
  );
  if (isShared) {
    log.say('The same packages were installed before: they are shared.');
    return end;
  }
  const zip = await conversation.install(limits.layerBytes + limits.layerEntries * ZIP_ENTRY_BYTES);
  const received = await receiveLayer(parts, zip);
  try {
    log.say(`Installed: ${received.unpackedBytes} bytes.`);
    const isMine = await database.transaction(async (sql) => {
      await keepBundle(sql, received);
      await keepLayer(sql, lock.key, received.hash);
      return finishSet(sql, set, end);
    });
    if (isMine) await received.publish();
    return end;
  } finally {
    await received.discard();
  }
}

/** Checks what came out of the jail as it checks a stranger's upload. */
async function receiveLayer({ bundles, limits }: BuildSetParts, zip: Buffer) {
  const within = { unpackedBytes: limits.layerBytes, unpackedEntries: limits.layerEntries };
  try {
    const entries = await readZipDirectory(zip, within);
    const strange = entries.find(({ path }) => !path.startsWith('node_modules/'));
    if (strange !== undefined)
      throw new BuildRefusal('pack', `${strange.named} lies outside of node_modules`);
    return await bundles.receive(zip, within);
  } catch (error) {
    if (error instanceof Failure && error.kind.fault === 'caller')
      throw new BuildRefusal('pack', error.message);
    throw error;
  }
}

async function follow(jail: SandboxProcess, stream: 'stdout' | 'stderr', log: BuildLog): Promise<void> {
  try {
    for await (const chunk of jail[stream]) log.push(stream, chunk as Buffer);
  } catch (error) {
    // A killed jail's streams may end in the middle.
    log.say(`the log ends here (${(error as Error).message})`);
  }
}

type Ending = { jail: SandboxProcess; limits: Limits; timeout: AbortSignal };

/** A limit that was met says more than npm did of it. @throws what is nobody's fault but the platform's */
async function errorOf(error: unknown, { jail, limits, timeout }: Ending): Promise<BuildError> {
  if (!(error instanceof BuildRefusal || error instanceof ConversationOver)) throw error;
  const isTimeout = timeout.aborted;
  jail.kill();
  const exit = await jail.exited;
  if (isTimeout) {
    return {
      step: 'limits',
      message: `the build took longer than ${limits.buildTimeoutMs} ms and was ended`,
    };
  }
  if (exit.isLost === true) throw new Error('the build jail was lost');
  if (exit.outOfMemory) {
    return { step: 'limits', message: `the build needed more than ${limits.buildMemoryMb} MiB of memory` };
  }
  if (error instanceof BuildRefusal) return { step: error.step, message: error.message };
  return { step: 'platform', message: `the builder ended with ${exit.signal ?? exit.code}` };
}

function jailLimits(limits: Limits): SandboxLimits {
  const tmpMb = Math.ceil((limits.layerBytes * TMP_SHARE) / MIB) + TMP_BASE_MB;
  return {
    // What lies in its /tmp counts as memory.
    memoryMb: limits.buildMemoryMb + tmpMb,
    tmpMb,
    cpuPercent: limits.cpuPercent,
    pids: limits.pids,
    openFiles: Math.max(limits.openFiles, 4096),
  };
}
