// The host's side of all sandboxes' networks: the table that translates and guards, IP forwarding, and the removal of what an
// earlier life left. Nothing here knows a single sandbox. Called by supervise at start and end.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type EgressPlan, hostRules } from './egress-rules.ts';
import { runCommand } from './run-command.ts';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const TABLE_PREFIX = 'millrace_';

/** What an installation's namespaces, links and nft table are called. */
export type NetworkNames = { table: string; linkPrefix: string; namespacePrefix: string };

/** @param installation six letters: with a slot's number the link's name keeps within the kernel's 15 characters */
export function networkNames(installation: string): NetworkNames {
  return {
    table: `${TABLE_PREFIX}${installation}`,
    linkPrefix: `mr${installation}-`,
    namespacePrefix: `mr-${installation}-`,
  };
}

export type HostNetwork = {
  /** Takes the table away and, as the last installation on the machine, sets IP forwarding back. */
  close(): Promise<void>;
};

/** @param stateDir folder of all installations on the machine: remembers how IP forwarding was set */
export async function openHostNetwork(
  names: NetworkNames,
  plan: EgressPlan,
  stateDir: string,
): Promise<HostNetwork> {
  const remembered = path.join(stateDir, 'ip_forward.before');
  if (!existsSync(remembered)) writeFileSync(remembered, readFileSync(FORWARDING));
  writeFileSync(FORWARDING, '1');
  await runCommand('nft', ['-f', '-'], hostRules(names.table, names.linkPrefix, plan));
  return {
    close: async () => {
      await runCommand('nft', ['delete', 'table', 'inet', names.table]);
      const tables = await runCommand('nft', ['list', 'tables', 'inet']);
      if (tables.includes(` ${TABLE_PREFIX}`) || !existsSync(remembered)) return;
      writeFileSync(FORWARDING, readFileSync(remembered));
      rmSync(remembered);
    },
  };
}

/** Removes the namespaces, links and table of an earlier life of this installation. @returns how many namespaces */
export async function reapNetworks(names: NetworkNames): Promise<number> {
  const links = readdirSync('/sys/class/net').filter((name) => name.startsWith(names.linkPrefix));
  const namespaces = existsSync('/run/netns')
    ? readdirSync('/run/netns').filter((name) => name.startsWith(names.namespacePrefix))
    : [];
  const batch = [
    ...links.map((name) => `link del ${name}`),
    ...namespaces.map((name) => `netns del ${name}`),
  ];
  if (batch.length > 0) await runCommand('ip', ['-force', '-batch', '-'], batch.join('\n'));
  const tables = await runCommand('nft', ['list', 'tables', 'inet']);
  if (tables.split('\n').includes(`table inet ${names.table}`)) {
    await runCommand('nft', ['delete', 'table', 'inet', names.table]);
  }
  return namespaces.length;
}
