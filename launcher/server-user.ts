// The ordinary user that the server runs as when Millrace is started by root: made at the first start, like
// any daemon's.
import { spawnSync } from 'node:child_process';
import { StartError } from '../process/start-error.ts';

const NAME = 'millrace';

export type ServerUser = { uid: number; gid: number };

/** @throws StartError when it is not there and can't be made */
export function ensureServerUser(): ServerUser {
  const found = findUser();
  if (found !== null) return found;
  const args = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  const { status, stderr, error } = spawnSync('useradd', [...args, '--shell', '/usr/sbin/nologin', NAME], {
    encoding: 'utf8',
  });
  const made = findUser();
  if (made === null) {
    const reason = error?.message ?? stderr.trim();
    throw new StartError(`the system user ${NAME} can't be made (useradd: ${reason || `status ${status}`})`);
  }
  return made;
}

function findUser(): ServerUser | null {
  const { status, stdout } = spawnSync('id', ['-u', NAME], { encoding: 'utf8' });
  if (status !== 0) return null;
  const group = spawnSync('id', ['-g', NAME], { encoding: 'utf8' });
  return { uid: Number(stdout), gid: Number(group.stdout) };
}
