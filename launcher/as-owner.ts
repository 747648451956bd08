// Does a task on an installation as the owner of its data dir, never as root: what lies there is the owner's
// to change, and may be a trap for root. The owner may be unable to reach the program and the folders that
// the task is about: they are bound to places that it reaches, in a mount namespace of the task alone. Called
// by make-token.ts and order-copy.ts.
import { once } from 'node:events';
import { mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { homeDir } from '../contract/paths.ts';
import { startWithSecrets } from '../process/hand-over-secrets.ts';
import type { Secrets } from '../process/secret-settings.ts';
import { StartError } from '../process/start-error.ts';
import { nodeOf } from './server-places.ts';

export type Owner = { uid: number; gid: number };

export type OwnersTask = {
  /** Of server/src/main.ts. */
  role: string;
  /** Folders that it needs, by names of ours. */
  folders: Record<string, string>;
  /** @param placed where it finds them. @returns what is added to its environment */
  settings(placed: Record<string, string>): Record<string, string>;
  /** What its failure means; the reason was printed by it. */
  failed: string;
};

/** @throws StartError where there is no installation, or it isn't this user's */
export function ownerOf(dataDir: string): Owner {
  const found = statSync(dataDir, { throwIfNoEntry: false });
  const hint = 'MILLRACE_DATA_DIR names the folder that Millrace was started with';
  if (found === undefined || statSync(path.join(dataDir, 'lock'), { throwIfNoEntry: false }) === undefined) {
    throw new StartError(
      `Millrace was never started on ${dataDir}: there is no account and nothing else. ${hint}`,
    );
  }
  if (found.uid === 0)
    throw new StartError(`${dataDir} is root's: its first start never came to an end. ${hint}`);
  if (!isRoot() && found.uid !== process.getuid?.()) {
    throw new StartError(`${dataDir} belongs to another user: run this as that user, or as root`);
  }
  return { uid: found.uid, gid: found.gid };
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** As root. @throws StartError when it fails */
export async function runAsOwner(owner: Owner, task: OwnersTask, secrets: Secrets): Promise<void> {
  const run = path.join('/run/millrace', `${task.role}-${process.pid}`);
  const home = realpathSync(homeDir());
  const app = path.join(run, 'app');
  const placed = Object.fromEntries(Object.keys(task.folders).map((name) => [name, path.join(run, name)]));
  const binds = [home, app, ...Object.keys(placed).flatMap((name) => [task.folders[name], placed[name]])];
  const command = [nodeOf(home, app), path.join(app, 'server/src/main.ts'), task.role];
  const enter = path.join(import.meta.dirname, 'enter-server.sh');
  const args = [
    '--mount',
    'sh',
    enter,
    `${owner.uid}`,
    `${owner.gid}`,
    ...(binds as string[]),
    '--',
    ...command,
  ];
  const env = { ...process.env, ...task.settings(placed), HOME: '/nonexistent' };
  try {
    for (const place of [app, ...Object.values(placed)]) mkdirSync(place, { recursive: true });
    const child = startWithSecrets({ command: ['unshare', ...args], env, cwd: '/' }, secrets);
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) throw new StartError(task.failed);
  } finally {
    rmSync(run, { recursive: true, force: true });
  }
}
