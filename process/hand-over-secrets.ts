// Hands settings that are secrets from the launcher to the processes that it starts: through a pipe that is
// read once, at the start, and never by their environment. The launcher keeps them, since it starts again
// whichever process dies. Called by the launchers and each main.ts.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { Secrets } from './secret-settings.ts';

/** Says which descriptor they can be read from. */
const DESCRIPTOR_SETTING = 'MILLRACE_INTERNAL_SECRETS_FD';
const DESCRIPTOR = 3;

export type Starting = {
  command: readonly [program: string, ...args: string[]];
  env: NodeJS.ProcessEnv;
  cwd?: string;
};

/** In a process group of its own: Ctrl-C reaches us, and we end it in our order. */
export function startWithSecrets({ command, env, cwd }: Starting, secrets: Secrets): ChildProcess {
  const [program, ...args] = command;
  const options: SpawnOptions = {
    env: { ...env, [DESCRIPTOR_SETTING]: String(DESCRIPTOR) },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
  };
  const child = spawn(program, args, options);
  const pipe = child.stdio[DESCRIPTOR] as Writable;
  // One that has died already reads nothing; its death is handled elsewhere.
  pipe.on('error', () => {});
  pipe.end(JSON.stringify(secrets));
  return child;
}

/**
 * @returns what the launcher has handed over; none where nobody has. Before inherited descriptors are closed.
 */
export function receiveSecrets(env: NodeJS.ProcessEnv): Secrets {
  const descriptor = Number(env[DESCRIPTOR_SETTING]);
  delete env[DESCRIPTOR_SETTING];
  if (descriptor !== DESCRIPTOR) return {};
  const text = readFileSync(descriptor, 'utf8');
  closeSync(descriptor);
  return JSON.parse(text) as Secrets;
}
