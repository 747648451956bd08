// Starts the supervisor's process, hands it its settings, and holds its input: it ends when that does.
// Called by the launchers.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { homeDir } from '../contract/paths.ts';
import type { SupervisorSettings } from '../contract/supervisor-settings.ts';
import { sharedCompileCache } from '../process/compile-cache.ts';

/** The words that run it; what leads into namespaces or sets its fate comes before. */
export const SUPERVISOR_COMMAND = [
  process.execPath,
  path.join(homeDir(), 'supervisor/main.ts'),
  'supervise',
] as const;

/** In a process group of its own: Ctrl-C reaches us, and we end it in our order. */
export function startSupervisor(command: readonly string[], settings: SupervisorSettings): ChildProcess {
  const [program = '', ...args] = command;
  const env = { ...process.env, ...sharedCompileCache() };
  const child = spawn(program, args, { env, stdio: ['pipe', 'inherit', 'inherit'], detached: true });
  // One that has ended reads nothing more; its death is handled elsewhere.
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  return child;
}
