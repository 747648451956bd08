// What an installation's jails have on this machine, found by the installation's name: for tests that nothing
// is left of them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { installationName, runDir } from '../../../contract/paths.ts';
import { runCommand } from '../../../supervisor/run-command.ts';
import { namedCgroups } from '../promises/named-cgroups.ts';
import type { Installation } from './jail-fixture.ts';

/** Its cgroups, network namespaces, links, nftables tables, mounts, folders and sockets. */
export async function tracesOf(installation: Installation): Promise<string[]> {
  const name = installationName(installation.config.dataDir);
  const bearingName = (file: string): string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes(name) || line.includes(installation.runDir));
  return [
    ...namedCgroups(`millrace-${name}`),
    ...readdirSync('/run/netns').filter((entry) => entry.includes(name)),
    ...readdirSync('/sys/class/net').filter((entry) => entry.includes(name)),
    ...(await runCommand('nft', ['list', 'tables'])).split('\n').filter((line) => line.includes(name)),
    ...bearingName('/proc/self/mounts'),
    ...[installation.runDir, runDir(name)].filter((dir) => existsSync(dir)),
    ...bearingName('/proc/net/unix'),
  ];
}
