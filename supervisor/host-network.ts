// The host's side of all sandboxes' networks: the table that translates and guards, IP forwarding, and the
// removal of what an earlier life left. Nothing here knows a single sandbox. Called by supervise at start and
// end.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EgressPlan, hostRules } from './egress-rules.ts';
import { claimName } from './network-range.ts';
import { CommandError, runCommand } from './run-command.ts';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const TABLE_PREFIX = 'millrace_';
const TURN_NAME = 'millrace-forwarding';
const TURN_WITHIN_MS = 10_000;
const TURN_LOOK_MS = 20;
/** Looks at what an earlier life has left. */
const MOST_TRIES = 10;
const RETRY_MS = 200;

/** What an installation's namespaces, links and nft table are called. */
export type NetworkNames = { table: string; linkPrefix: string; namespacePrefix: string };

/**
 * @param installation six letters: with a slot's number the link's name keeps within the kernel's 15
 * characters
 */
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
  await oneAtATime(async () => {
    await runCommand('nft', ['-f', '-'], hostRules(names.table, names.linkPrefix, plan));
    if (!existsSync(remembered)) writeFileSync(remembered, readFileSync(FORWARDING));
    writeFileSync(FORWARDING, '1');
  });
  const close = async (): Promise<void> => {
    await runCommand('nft', ['delete', 'table', 'inet', names.table]);
    const tables = await runCommand('nft', ['list', 'tables', 'inet']);
    if (tables.includes(` ${TABLE_PREFIX}`) || !existsSync(remembered)) return;
    writeFileSync(FORWARDING, readFileSync(remembered));
    rmSync(remembered);
  };
  return { close: () => oneAtATime(close) };
}

/**
 * Installations set and set back what is the machine's one after the other: one that ends must not take
 * forwarding from one that begins. Who has the name for longer than that takes is none of them, and is waited
 * for no more.
 */
async function oneAtATime(act: () => Promise<void>): Promise<void> {
  const giveUpAt = performance.now() + TURN_WITHIN_MS;
  let turn = await claimName(TURN_NAME);
  while (turn === null && performance.now() < giveUpAt) {
    await delay(TURN_LOOK_MS);
    turn = await claimName(TURN_NAME);
  }
  try {
    await act();
  } finally {
    await turn?.release();
  }
}

/**
 * Removes the namespaces, links and table of an earlier life of this installation. What that life was just
 * removing when it was killed may go by itself meanwhile: then a tool fails, and what is left is looked at
 * again.
 * @returns how many namespaces
 * @throws CommandError when something of them stays
 */
export async function reapNetworks(names: NetworkNames): Promise<number> {
  const found = namespacesOf(names).length;
  for (let tries = 1; ; tries += 1) {
    try {
      await removeNetworks(names);
      return found;
    } catch (error) {
      if (!(error instanceof CommandError) || tries >= MOST_TRIES) throw error;
      await delay(RETRY_MS);
    }
  }
}

async function removeNetworks(names: NetworkNames): Promise<void> {
  const links = readdirSync('/sys/class/net').filter((name) => name.startsWith(names.linkPrefix));
  const batch = [
    ...links.map((name) => `link del ${name}`),
    ...namespacesOf(names).map((name) => `netns del ${name}`),
  ];
  if (batch.length > 0) await runCommand('ip', ['-force', '-batch', '-'], batch.join('\n'));
  const tables = await runCommand('nft', ['list', 'tables', 'inet']);
  if (tables.split('\n').includes(`table inet ${names.table}`)) {
    await runCommand('nft', ['delete', 'table', 'inet', names.table]);
  }
}

function namespacesOf(names: NetworkNames): string[] {
  const known = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  return known.filter((name) => name.startsWith(names.namespacePrefix));
}
