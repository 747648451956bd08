// A real supervisor and driver on folders of their own, and a function that runs a piece of JavaScript in a
// real jail and answers with what it returned. Used by the tests in this folder; needs root.
import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import { nodeMajor } from '../../../contract/engine-name.ts';
import { bundleDir, engineBinary } from '../../../contract/paths.ts';
import type { SandboxLimits } from '../../../contract/sandbox.ts';
import { settingsOfSupervisor } from '../../../launcher/settings-of-supervisor.ts';
import { supervise } from '../../../supervisor/supervise.ts';
import { systemClock } from '../../src/clock/clock.ts';
import { type Config, parseConfig } from '../../src/config/config.ts';
import type { BlankLimits } from '../../src/sandbox/blank-demand.ts';
import type { SandboxDriver, SandboxProcess } from '../../src/sandbox/sandbox-driver.ts';
import { openSupervisedDriver } from '../../src/sandbox/supervised-driver.ts';

const frames: typeof import('../../../contract/frames.cjs') = createRequire(import.meta.url)(
  '../../../contract/frames.cjs',
);
const { FRAME, FrameReader, encodeFrame, encodeTwoPartFrame, splitPayload } = frames;

export const ENGINE = 'node-24' as const;
export const LIMITS: SandboxLimits = { memoryMb: 256, tmpMb: 512, cpuPercent: 100, pids: 64, openFiles: 256 };
export const quiet = pino({ level: process.env.TEST_LOG ?? 'silent' });

export type Answer = { type: 'RESULT' | 'ERROR' | 'INIT_ERROR'; body: unknown };

export type Installation = {
  config: Config;
  runDir: string;
  enginesDir: string;
  /** Closes what was opened on it and removes its folders. */
  remove(): void;
};

/** Folders of a new installation, with an engine in it. */
export function makeInstallation(env: Record<string, string> = {}): Installation {
  const root = mkdtempSync(path.join(tmpdir(), 'millrace-jail-'));
  const config = parseConfig(
    { ...sandboxSettings(), MILLRACE_DATA_DIR: path.join(root, 'data'), MILLRACE_PORT: '8799', ...env },
    { workingDir: root, totalMemoryMb: 4096, cores: 2 },
  );
  // As in life: nobody but the platform gets past this folder.
  mkdirSync(path.join(config.dataDir, 'bundles'), { recursive: true, mode: 0o700 });
  chmodSync(root, 0o700);
  const binary = engineBinary(config.enginesDir, nodeMajor(ENGINE));
  mkdirSync(path.dirname(binary), { recursive: true });
  linkOrCopy(process.execPath, binary);
  const runDir = path.join('/run/millrace-test', path.basename(root));
  return {
    config,
    runDir,
    enginesDir: config.enginesDir,
    remove: () => {
      rmSync(root, { recursive: true, force: true });
      rmSync(runDir, { recursive: true, force: true });
    },
  };
}

/** Who runs these tests names another builder of jails, or another OCI runtime, in the environment. */
function sandboxSettings(): Record<string, string | undefined> {
  const { MILLRACE_SANDBOX, MILLRACE_OCI_RUNTIME } = process.env;
  return { MILLRACE_SANDBOX, MILLRACE_OCI_RUNTIME };
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    // The temporary folder lies on another file system.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(from, to);
  }
}

export type Jails = { driver: SandboxDriver; close(): Promise<void> };

export const NO_BLANKS = { most: 0, budgetMb: 0 };

/** @param blanks sandboxes kept ready; none unless a test is about them */
export async function openJails(
  { config, runDir }: Installation,
  { blanks = NO_BLANKS, log = quiet }: { blanks?: BlankLimits; log?: Logger } = {},
): Promise<Jails> {
  const { pythons, javas, dotnets } = config;
  const found = { runDir, serverUid: 0, pythons, javas, dotnets, withoutRoot: null };
  const supervisor = await supervise(settingsOfSupervisor(config, found), quiet);
  const driver = openSupervisedDriver({
    name: config.sandbox === 'oci' ? 'oci' : 'bubblewrap',
    runDir,
    hasExtraCaCerts: config.extraCaCerts !== null,
    blanks,
    clock: systemClock,
    log,
  });
  await driver.ready;
  return {
    driver,
    close: async () => {
      await driver.close();
      await supervisor.close();
    },
  };
}

/** Unpacked code whose handler is `source`, the body of an async function of `event` with `require`. */
export function writeBundle({ config }: Pick<Installation, 'config'>, source: string): string {
  const hash = randomBytes(32).toString('hex');
  const dir = bundleDir(config.dataDir, hash);
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  writeFileSync(path.join(dir, 'index.js'), `exports.handler = async (event) => {\n${source}\n};\n`);
  return hash;
}

export type StartOptions = {
  bundleHash: string;
  layerHash?: string;
  accountId?: string;
  egressDeny?: string[];
  reuse?: 'warm' | 'none';
  limits?: Partial<SandboxLimits>;
};

export function startSandbox(driver: SandboxDriver, options: StartOptions): Promise<SandboxProcess> {
  return driver.start({
    id: randomBytes(6).toString('hex'),
    accountId: options.accountId ?? '1000001',
    bundleHash: options.bundleHash,
    layerHash: options.layerHash ?? null,
    egressDeny: options.egressDeny ?? [],
    engine: ENGINE,
    ...(options.reuse === undefined ? {} : { reuse: options.reuse }),
    limits: { ...LIMITS, ...options.limits },
  });
}

/** Frames of one sandbox: starts the handler, then sends events one by one. */
export class Conversation {
  private readonly answers: Answer[] = [];
  private readonly loaded = Promise.withResolvers<void>();
  private wake: (() => void) | null = null;
  private isOver = false;
  readonly sandbox: SandboxProcess;
  /** What the sandbox has written to both streams. */
  output = '';

  constructor(sandbox: SandboxProcess, env: Record<string, string> = {}) {
    this.sandbox = sandbox;
    const reader = new FrameReader(16 * 1024 * 1024);
    sandbox.control.on('data', (chunk: Buffer) =>
      reader.push(chunk, (type, _nonce, payload) => this.receive(type, payload)),
    );
    sandbox.control.once('close', () => this.end());
    for (const stream of [sandbox.stdout, sandbox.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    const start = {
      handler: 'index.handler',
      convention: 'lambda',
      taskRoot: sandbox.place.taskRoot,
      env,
      functionName: 'test',
      functionVersion: '1',
      memoryMb: LIMITS.memoryMb,
      logGroupName: 'group',
      logStreamName: 'stream',
      resultLimitBytes: 6_291_556,
    };
    sandbox.control.write(encodeFrame(FRAME.START, frames.NO_NONCE, Buffer.from(JSON.stringify(start))));
  }

  /** @throws Error when the sandbox ends without an answer */
  async invoke(event: unknown = null): Promise<Answer> {
    await this.loaded.promise;
    if (this.answers.length > 0 || this.isOver) return this.next();
    const head = { requestId: 'r1', deadlineMs: Date.now() + 60_000, functionArn: 'arn' };
    const nonce = randomBytes(frames.NONCE_BYTES);
    this.sandbox.control.write(
      encodeTwoPartFrame(FRAME.INVOKE, nonce, JSON.stringify(head), JSON.stringify(event)),
    );
    return this.next();
  }

  private async next(): Promise<Answer> {
    while (this.answers.length === 0 && !this.isOver) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const answer = this.answers.shift();
    if (answer === undefined) throw new Error(`the sandbox ended; it had written: ${this.output}`);
    return answer;
  }

  private receive(type: number, payload: Buffer): void {
    this.loaded.resolve();
    if (type === FRAME.INIT_ERROR) {
      this.answers.push({ type: 'INIT_ERROR', body: JSON.parse(payload.toString()) });
    } else if (type === FRAME.RESULT || type === FRAME.ERROR) {
      const { body } = splitPayload(payload);
      this.answers.push({
        type: type === FRAME.RESULT ? 'RESULT' : 'ERROR',
        body: JSON.parse(body.toString()),
      });
    }
    this.wake?.();
  }

  private end(): void {
    this.isOver = true;
    this.loaded.resolve();
    this.wake?.();
  }
}

/** Runs `source` once in a jail of its own. @returns what it returned; @throws Error with what it threw */
export async function runInJail(
  jails: Jails,
  installation: Installation,
  run: { source: string; event?: unknown; limits?: Partial<SandboxLimits> },
): Promise<unknown> {
  const bundleHash = writeBundle(installation, run.source);
  const sandbox = await startSandbox(jails.driver, { bundleHash, limits: run.limits ?? {} });
  const conversation = new Conversation(sandbox);
  try {
    const answer = await conversation.invoke(run.event);
    if (answer.type !== 'RESULT') throw new Error(`${answer.type}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  } finally {
    sandbox.kill();
    await sandbox.exited;
  }
}
