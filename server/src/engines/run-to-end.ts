// Runs a program to its end and keeps what it wrote. Never goes through a shell. Called by
// engine-installer.ts and npm-install.ts.
import { spawn } from 'node:child_process';

export type Program = {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  timeoutMs: number;
  signal: AbortSignal;
};

/** `status` is null when a signal ended it. */
export type ProgramEnd = { status: number | null; stdout: string; stderr: string };

/** What is kept of each stream: its end, where the reason stands. */
const KEPT_CHARACTERS = 64 * 1024;

/** @throws Error when it can't be started, takes longer than allowed or is aborted; it has ended by then */
export async function runToEnd(program: Program): Promise<ProgramEnd> {
  const timeout = AbortSignal.timeout(program.timeoutMs);
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: program.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([program.signal, timeout]),
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(-KEPT_CHARACTERS);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_CHARACTERS);
  });
  const { promise, resolve, reject } = Promise.withResolvers<ProgramEnd>();
  let problem: Error | null = null;
  child.on('error', (error) => {
    problem = timeout.aborted ? new Error(`it took longer than ${program.timeoutMs / 1000} s`) : error;
    // What could not be started has no end to wait for.
    if (child.pid === undefined) reject(problem);
  });
  child.on('close', (status) => {
    if (problem === null) resolve({ status, stdout, stderr });
    else reject(problem);
  });
  return promise;
}
