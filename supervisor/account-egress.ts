// Decides the rules of one account's sandboxes: what the operator has set for it, which the launcher hands
// over, and what it denies itself, which the server says. So a server that has fallen opens no network to
// anybody. Pure. Made by supervise, called by jail.ts.
import { type EgressNetwork, parseEgressNetwork } from '../contract/egress-network.ts';
import type { NetworksOfAccounts, SupervisorSettings } from '../contract/supervisor-settings.ts';
import { type EgressPlan, sandboxRules } from './egress-rules.ts';

/** Whose sandbox it is, and what the account denies itself. */
export type EgressOwner = { accountId: string; egressDeny: readonly string[] };

/** @returns nftables text, or null where the usual rules are the account's */
export type RulesOfAccount = (owner: EgressOwner) => string | null;

type Lists = Pick<SupervisorSettings, 'egressAllowAccounts' | 'egressDenyAccounts'>;

export function rulesOfAccounts(plan: EgressPlan, lists: Lists): RulesOfAccount {
  return ({ accountId, egressDeny }) => {
    const { egressAllowAccounts: allowed, egressDenyAccounts: denied } = lists;
    const allow = networksOf(allowed, accountId);
    const deny = [...networksOf(denied, '*'), ...networksOf(denied, accountId), ...egressDeny];
    if (allow.length + deny.length === 0) return null;
    return sandboxRules(plan, { allow: allow.map(checked), deny: deny.map(checked) });
  };
}

/** An account may be called like what every object has. */
function networksOf(of: NetworksOfAccounts, account: string): readonly string[] {
  return Object.hasOwn(of, account) ? (of[account] ?? []) : [];
}

/** What becomes part of a rule was read as numbers, wherever it comes from. */
function checked(text: string): EgressNetwork {
  const network = parseEgressNetwork(text);
  if (network === null) throw new Error(`${JSON.stringify(text)} is no network`);
  return network;
}
