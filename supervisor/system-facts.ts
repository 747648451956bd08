// Looks at the machine once, at start: tools and their options, system directories, addresses, resolvers,
// cgroups. Says everything that is missing at once. Changes nothing. Called by supervise.

import { lookup } from 'node:dns/promises';
import { accessSync, constants, existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import type { CgroupFacts, Controller, Hierarchy } from './cgroup-plan.ts';
import { NEEDED_OPTIONS, SYSTEM_PATHS, type SystemEntry } from './jail-arguments.ts';
import { runCommand } from './run-command.ts';

/** What builds the jail itself, and the package that brings it. */
export type JailBuilder = { tool: string; packageName: string };

/** Each tool and the Debian package that brings it. */
const TOOLS = [
  ['nft', 'nftables'],
  ['ip', 'iproute2'],
  ['nsenter', 'util-linux'],
  ['unshare', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['mount', 'mount'],
] as const;

/** Where systemd-resolved lists the servers behind its local stub. */
const UPSTREAM_RESOLV_CONF = '/run/systemd/resolve/resolv.conf';

/** @throws Error that names every missing tool, package and option */
export async function checkTools(builder: JailBuilder): Promise<void> {
  const tools = [[builder.tool, builder.packageName] as const, ...TOOLS];
  const missing: string[] = tools
    .filter(([tool]) => !isOnPath(tool))
    .map(([tool, packageName]) => `the program ${tool} (package ${packageName})`);
  if (builder.tool === 'bwrap' && isOnPath('bwrap')) {
    const help = await runCommand('bwrap', ['--help']);
    const unknown = NEEDED_OPTIONS.filter((option) => !help.includes(`${option} `));
    if (unknown.length > 0) missing.push(`bubblewrap 0.8 or later (this one lacks ${unknown.join(', ')})`);
  }
  if (!/^Seccomp:/m.test(readFileSync('/proc/self/status', 'utf8'))) missing.push('seccomp in this kernel');
  if (missing.length > 0) throw new Error(`jails can't be built here; missing: ${missing.join('; ')}`);
}

export function isOnPath(tool: string): boolean {
  if (path.isAbsolute(tool)) return existsSync(tool);
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.some((folder) => folder !== '' && existsSync(path.join(folder, tool)));
}

/**
 * The system directories that there are; where /bin and its like are links into /usr, so they are in the
 * jail.
 */
export function systemEntries(): SystemEntry[] {
  return SYSTEM_PATHS.filter((entry) => existsSync(entry)).map((entry) => ({
    path: entry,
    linkTarget: lstatSync(entry).isSymbolicLink() ? readlinkSync(entry) : null,
  }));
}

/** IPv4 addresses of all interfaces. */
export function hostAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address);
}

export function resolvConf(): string {
  const file = existsSync(UPSTREAM_RESOLV_CONF) ? UPSTREAM_RESOLV_CONF : '/etc/resolv.conf';
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** IPv4 addresses of a URL's host; empty when it can't be resolved. */
export async function addressesOf(hostname: string): Promise<string[]> {
  if (isIPv4(hostname)) return [hostname];
  // Whatever a resolver says: names under .localhost are loopback (RFC 6761).
  if (hostname === '[::1]' || /(^|\.)localhost$/.test(hostname)) return ['127.0.0.1'];
  const found = await lookup(hostname, { family: 4, all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

/**
 * Whether this user may make folders in a cgroup, hand a controller down to them, and move processes into
 * them.
 */
export function isOwnCgroup({ version, dir }: Hierarchy, controller: Controller): boolean {
  try {
    for (const file of [dir, path.join(dir, 'cgroup.procs')]) accessSync(file, constants.W_OK);
    if (version === 1) return true;
    return controllersIn(dir).includes(controller);
  } catch {
    return false;
  }
}

export function cgroupFacts(): CgroupFacts {
  return {
    mountinfo: readFileSync('/proc/self/mountinfo', 'utf8'),
    ownCgroups: readFileSync('/proc/self/cgroup', 'utf8'),
    controllersIn,
  };
}

function controllersIn(dir: string): string[] {
  const file = path.join(dir, 'cgroup.controllers');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ') : [];
}
