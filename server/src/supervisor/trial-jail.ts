// Tries at start whether this kernel lets an unprivileged user build the jail's namespaces at all: distributions forbid it in
// several ways, and each is better told at start than at a function's first call. Called by supervise.
import type { SystemEntry } from './jail-arguments.ts';
import { CommandError, runCommand } from './run-command.ts';

/** Belongs to no sandbox: one below the first. */
const TRIAL_UID = '1999999999';

/** @throws Error with what bubblewrap said and where to look */
export async function tryJail(system: readonly SystemEntry[]): Promise<void> {
  const mounts = system.flatMap(({ path, linkTarget }) =>
    linkTarget === null ? ['--ro-bind', path, path] : ['--symlink', linkTarget, path],
  );
  const privileges = ['--reuid', TRIAL_UID, '--regid', TRIAL_UID, '--clear-groups', '--inh-caps=-all'];
  const namespaces = [
    '--unshare-user',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup',
  ];
  try {
    await runCommand('setpriv', [
      ...[...privileges, '--bounding-set=-all', '--no-new-privs', 'bwrap', ...namespaces, '--disable-userns'],
      ...['--uid', '1000', '--gid', '1000', ...mounts, '--proc', '/proc', '--dev', '/dev', '--', 'true'],
    ]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Error(
      `this kernel doesn't let bubblewrap build a jail: ${error.message}. Unprivileged user namespaces must be allowed ` +
        '(user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)',
    );
  }
}
