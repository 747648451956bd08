// The inside of a host that is a real server program (a database): started in the test's namespace on a
// folder of its own, as `nobody`, ended with the test. A file in stand-ins/ says which. The system's own
// services are never touched.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { answerQuestions, readPlace } from './stand-in.ts';

const NOBODY = 65_534;
const PATIENCE_MS = 60_000;

export type Program = {
  port: number;
  /** Put before its commands, in the folder. */
  prefix?(folder: string): string[];
  /** Commands that make it ready to be started. */
  prepare?(folder: string): string[][];
  command(folder: string, address: string): string[];
};

/** What every command is put behind: the kernel ends it with us, however we end. */
const AS_NOBODY = [
  'setpriv',
  '--reuid',
  '65534',
  '--regid',
  '65534',
  '--clear-groups',
  '--pdeathsig',
  'KILL',
];

/** Serves its port until the test process goes away. */
export async function serveProgram({ port, prefix, prepare, command }: Program): Promise<void> {
  const { address } = readPlace();
  const folder = mkdtempSync(path.join(tmpdir(), `millrace-internet-${process.pid}-`));
  chownSync(folder, NOBODY, NOBODY);
  const whole = (args: string[]): [string, string[]] => {
    const [first, ...rest] = [...(prefix?.(folder) ?? []), ...AS_NOBODY, ...args];
    return [first as string, rest];
  };
  for (const step of prepare?.(folder) ?? [])
    execFileSync(...whole(step), { cwd: folder, stdio: ['ignore', 'ignore', 2] });
  const child = spawn(...whole(command(folder, address)), {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.once('exit', (code) => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(code ?? 0);
  });
  await listens(address, port);
  answerQuestions({}, () => child.kill('SIGKILL'));
}

async function listens(address: string, port: number): Promise<void> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; ; ) {
    if (await accepts(address, port)) return;
    if (Date.now() > giveUpAt) throw new Error(`nothing listens at ${address}:${port}`);
    await delay(50);
  }
}

function accepts(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.end());
  });
}
