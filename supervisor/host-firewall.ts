// Finds chains of the machine's own firewall (Docker's, ufw's) that drop what is forwarded, which is all that
// functions send out: an accept of ours doesn't overrule another table's drop. Changes nothing, and says
// which rules to add. Called by supervise at start.
import { runCommand } from './run-command.ts';

export type Chain = { family: string; table: string; name: string };

/** @returns a sentence for each chain that keeps sandboxes from the outside */
export async function firewallWarnings(linkPrefix: string): Promise<string[]> {
  const chains = forwardDrops(await runCommand('nft', ['-j', 'list', 'chains']));
  const warnings: string[] = [];
  for (const chain of chains) {
    const rules = await runCommand('nft', ['list', 'chain', chain.family, chain.table, chain.name]);
    if (!letsLinksPass(rules, linkPrefix)) warnings.push(advice(chain, linkPrefix));
  }
  return warnings;
}

/** @param json what `nft -j list chains` says */
export function forwardDrops(json: string): Chain[] {
  const { nftables } = JSON.parse(json) as { nftables: { chain?: Record<string, unknown> }[] };
  return nftables.flatMap(({ chain }) => {
    if (chain?.hook !== 'forward' || chain.policy !== 'drop') return [];
    const { family, table, name } = chain;
    if (family !== 'ip' && family !== 'inet') return [];
    return [{ family, table: String(table), name: String(name) }];
  });
}

/** Whether a rule names our links, or all installations' by a shorter prefix. */
export function letsLinksPass(rules: string, linkPrefix: string): boolean {
  const prefixes = [...rules.matchAll(/[io]ifname "([^"]+)\*"/g)].map(([, prefix = '']) => prefix);
  return prefixes.some((prefix) => linkPrefix.startsWith(prefix));
}

function advice({ family, table, name }: Chain, linkPrefix: string): string {
  const insert = `nft insert rule ${family} ${table} ${name}`;
  return (
    `this machine's firewall drops what it forwards (table ${family} ${table}, chain ${name}), so functions reach nothing outside; ` +
    `let them: ${insert} iifname '"${linkPrefix}*"' accept; ` +
    `${insert} oifname '"${linkPrefix}*"' ct state established,related accept`
  );
}
