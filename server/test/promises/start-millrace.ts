// Millrace as its operator starts it, for promises: the real program with its own processes, database and
// jails, on a data dir of its own. Tests come in through its public port only.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Millrace = {
  /** Without a trailing slash. */
  url: string;
  /** Live token with every permission. */
  token: string;
  dataDir: string;
  /** Process id of what was started: signals go there. */
  pid: number;
  /** Everything printed so far. */
  output(): string;
  /** Resolves once it has printed something that matches. */
  printed(pattern: RegExp): Promise<void>;
  /** Resolves with the exit status; at once if it has ended. */
  ended: Promise<number | null>;
  /** Ends it as an operator does (SIGTERM) and waits; its data dir stays. */
  stop(): Promise<number | null>;
  /** Ends it and removes the data dir. */
  close(): Promise<void>;
};

export const ADMIN_TOKEN = 'the-admin-token-of-all-of-the-tests';

/** For the `skip` option of tests that need jails: the reason why there are none here, or false. */
export function noJails(): string | false {
  return process.getuid?.() === 0 ? false : 'jails are built by root';
}

export type StartOptions = {
  dataDir?: string;
  env?: Record<string, string>;
  /** What is run instead of the program itself, e.g. `npm start`. */
  command?: string[];
  /** Descriptors that are left open for it, from 3 on. */
  openDescriptors?: number[];
};

/**
 * Resolves when it answers /healthz. @throws Error with everything that it printed when it doesn't come up
 */
export async function startMillrace(options: StartOptions = {}): Promise<Millrace> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'millrace-data-'));
  const port = await freePort();
  const env = {
    ...process.env,
    MILLRACE_PORT: String(port),
    MILLRACE_DATA_DIR: dataDir,
    MILLRACE_ADMIN_TOKEN: ADMIN_TOKEN,
    // Test files run side by side: HTTPS is for those that ask for a port of their own.
    MILLRACE_TLS_PORT: '0',
    ...options.env,
  };
  const main = path.resolve(import.meta.dirname, '../../../launcher/main.ts');
  const [command, ...args] = options.command ?? [process.execPath, main, 'start'];
  const child = spawn(command as string, args, {
    env,
    cwd: path.resolve(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'pipe', ...(options.openDescriptors ?? [])],
    detached: true,
  });
  let printed = '';
  const heard = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      printed += chunk;
      heard.emit('output');
    });
  }
  // A test that dies in the middle takes it along.
  const endNow = (): void => void child.kill('SIGTERM');
  process.once('exit', endNow);
  child.once('exit', () => process.off('exit', endNow));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  const url = `http://localhost:${env.MILLRACE_PORT}`;
  try {
    await readiness(child, url, () => printed);
  } catch (error) {
    endNow();
    await ended;
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
  return {
    ...{ url, token: ADMIN_TOKEN, dataDir, pid: child.pid as number, ended, stop },
    output: () => printed,
    printed: async (pattern) => {
      while (!pattern.test(printed)) await once(heard, 'output', { signal: AbortSignal.timeout(30_000) });
    },
    close: async () => {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function readiness(child: ChildProcess, url: string, printed: () => string): Promise<void> {
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer?.status === 200) return;
    if (child.exitCode !== null) throw new Error(`Millrace ended with ${child.exitCode}:\n${printed()}`);
    if (Date.now() > giveUpAt) throw new Error(`Millrace did not come up:\n${printed()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const LOWEST_PORT = 20_000;
/**
 * From here on the kernel gives ports to anyone who asks for any: one of those may be taken again before it
 * is used.
 */
const FIRST_OF_THE_KERNEL = 32_768;

/** A port that nobody has, and that nobody gets who doesn't ask for this one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST_PORT, FIRST_OF_THE_KERNEL);
    const probe = createServer().listen(port);
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
