// Millrace without root, where the kernel lets an ordinary user make user namespaces: looks whether it does,
// which of the walls can be had, and how to enter the namespaces that the supervisor lives in. Called by
// launch-without-root.ts and the doctor.
import { closeSync, constants, openSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { ownRunDir } from '../contract/paths.ts';
import type { WithoutRoot } from '../contract/without-root.ts';
import type { Config } from '../server/src/config/config.ts';
import { planOwnCgroups } from '../supervisor/cgroup-plan.ts';
import { planPlatformPinhole, planRegistryPinhole, planResolvers } from '../supervisor/pinholes.ts';
import { CommandError, runCommand } from '../supervisor/run-command.ts';
import * as machine from '../supervisor/system-facts.ts';
import { trialCommand } from '../supervisor/trial-jail.ts';
import { linkOf, pastaOptions } from '../supervisor/way-out.ts';

const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const TUN = '/dev/net/tun';

/** What an ordinary user's PATH leaves out: nft, ip. */
export function addSystemFolders(): void {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const missing = SYSTEM_FOLDERS.filter((folder) => !folders.includes(folder));
  process.env.PATH = [...folders, ...missing].join(path.delimiter);
}

/** What it takes to run something in namespaces of this user's own. */
export type Entrance = {
  resolvConf: string;
  pastaOptions: readonly string[];
  /** Folder that only one at a time may be in for; null: any number. */
  lock: string | null;
};

/** Without a way out. */
export const CLOSED: Entrance = { resolvConf: '', pastaOptions: [], lock: null };

/** @returns a command's words: it ends with the status of `command`, and everything inside ends with it */
export function enterCommand(entrance: Entrance, command: readonly string[]): [string, ...string[]] {
  const namespaces = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const script = path.join(import.meta.dirname, 'enter-without-root.sh');
  const words = [entrance.lock ?? '', entrance.resolvConf, entrance.pastaOptions.join(' '), ...command];
  return ['unshare', ...namespaces, '--propagation', 'private', 'sh', script, ...words];
}

/** @throws Error with what the kernel or bubblewrap said and what to do */
export async function tryNamespaces(): Promise<void> {
  const [unshare, ...args] = enterCommand(CLOSED, trialCommand(machine.systemEntries(), '0'));
  await runCommand(unshare, args).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    const said = error.output.split('\n').at(-1);
    throw new Error(`this kernel doesn't let an ordinary user build jails (${said})`);
  });
}

/** How to allow what {@link tryNamespaces} tries. */
export const NAMESPACES_REMEDY =
  'allow unprivileged user namespaces: sysctl user.max_user_namespaces=15000, kernel.unprivileged_userns_clone=1 (older Debian), ' +
  'kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); or start Millrace as root, which builds stronger jails';

/** The way out of the supervisor's network namespace, as pasta is to make it. */
export async function planEntrance(config: Config): Promise<Entrance> {
  const hostAddresses = machine.hostAddresses();
  const link = linkOf(config.sandboxNetwork);
  const resolvers = planResolvers(config.dnsServers, machine.resolvConf(), link.gateway);
  const platform = planPlatformPinhole({
    publicUrl: config.publicUrl,
    publicAddress: (await machine.addressesOf(new URL(config.publicUrl).hostname))[0] ?? null,
    listenHost: config.host,
    listenPort: config.port,
  });
  const pinholeTo = async (source: string) => {
    const { hostname, port, protocol } = new URL(source);
    const place = { port: Number(port || (protocol === 'https:' ? 443 : 80)) };
    return planRegistryPinhole(place, await machine.addressesOf(hostname), hostAddresses);
  };
  const [registry, index] = [await pinholeTo(config.npmRegistry), await pinholeTo(config.pypiIndex)];
  const loopbackPorts = [platform, registry, index].flatMap((one) =>
    one?.hostTarget == null ? [] : [one.port],
  );
  const { source, loopbackResolver } = { source: config.egressSource, ...resolvers };
  const servers = resolvers.nameservers.map((address) => `nameserver ${address}`);
  return {
    resolvConf: `${[...servers, ...resolvers.otherLines].join('\n')}\n`,
    pastaOptions: pastaOptions({ link, source, loopbackResolver, loopbackPorts }),
    lock: null,
  };
}

/** @returns why functions can't have a network, or null */
export async function networkProblem(entrance: Entrance): Promise<string | null> {
  if (!machine.isOnPath('pasta')) return 'the program pasta (package passt) is not installed';
  try {
    closeSync(openSync(TUN, constants.O_RDWR));
  } catch (error) {
    return `this user may not open ${TUN} (${(error as NodeJS.ErrnoException).code}), which pasta needs`;
  }
  const [unshare, ...args] = enterCommand(entrance, ['true']);
  return runCommand(unshare, args).then(
    () => null,
    (error: unknown) => `pasta does not start: ${error instanceof CommandError ? error.output : error}`,
  );
}

/** @throws Error where jails can't be built at all */
export async function lookWithoutRoot(config: Config, entrance: Entrance): Promise<WithoutRoot> {
  await machine.checkTools({ tool: 'bwrap', packageName: 'bubblewrap' });
  await tryNamespaces().catch((error: Error) => {
    throw new Error(`${error.message}: ${NAMESPACES_REMEDY}`);
  });
  return {
    runDir: ownRunDir(realpathSync(config.dataDir)),
    hostAddresses: machine.hostAddresses(),
    resolvConf: machine.resolvConf(),
    noNetwork: await networkProblem(entrance),
    cgroups: planOwnCgroups(machine.cgroupFacts(), machine.isOwnCgroup),
  };
}
