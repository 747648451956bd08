// Tries at start whether this kernel lets an unprivileged user build the jail's namespaces at all:
// distributions forbid it in several ways, and each is better reported at start than at a function's first
// call. Called by supervise.
import type { SystemEntry } from './jail-arguments.ts';
import { CommandError, runCommand } from './run-command.ts';

/** Belongs to no sandbox: one below the first. */
const TRIAL_UID = '1999999999';

/** As enter-jail.sh does it. */
function givenUp(uid: string): [string, ...string[]] {
  const user = ['--reuid', uid, '--regid', uid];
  if (uid !== '0') {
    const all = ['--clear-groups', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs'];
    return ['setpriv', ...user, ...all];
  }
  const most = ['--keep-groups', '--inh-caps=-all', '--bounding-set=-all,+setfcap', '--no-new-privs'];
  return ['setpriv', ...user, ...most, 'unshare', '--user', '--map-user=1000', '--map-group=1000'];
}

/** A command that ends with 0 where a jail can be built. */
export function trialCommand(system: readonly SystemEntry[], uid = TRIAL_UID): [string, ...string[]] {
  const mounts = system.flatMap(({ path, linkTarget }) =>
    linkTarget === null ? ['--ro-bind', path, path] : ['--symlink', linkTarget, path],
  );
  const namespaces = [
    '--unshare-user',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup',
  ];
  return [
    ...givenUp(uid),
    ...['bwrap', ...namespaces, '--disable-userns'],
    ...['--uid', '1000', '--gid', '1000', ...mounts, '--proc', '/proc', '--dev', '/dev', '--', 'true'],
  ];
}

/** @throws Error with what bubblewrap said and where to look */
export async function tryJail([command, ...args]: [string, ...string[]]): Promise<void> {
  try {
    await runCommand(command, args);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Error(
      `this kernel doesn't let bubblewrap build a jail: ${error.message}. Unprivileged user namespaces must be allowed ` +
        '(user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)',
    );
  }
}
