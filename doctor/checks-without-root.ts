// What an ordinary user's Millrace finds on this machine: which of the walls can be had without root. Changes
// nothing. Called by machine-checks.ts, with the same questions that launch-without-root.ts asks.

import {
  addSystemFolders,
  CLOSED,
  enterCommand,
  NAMESPACES_REMEDY,
  networkProblem,
  planEntrance,
  tryNamespaces,
} from '../launcher/without-root.ts';
import type { Config } from '../server/src/config/config.ts';
import { type Check, needed, Trouble } from '../server/src/roles/finding.ts';
import { DELEGATE_ADVICE } from '../server/src/roles/weaker-walls.ts';
import { planOwnCgroups } from '../supervisor/cgroup-plan.ts';
import { CommandError, runCommand } from '../supervisor/run-command.ts';
import * as machine from '../supervisor/system-facts.ts';

/** @param trialRules a sandbox's egress rules */
export function checksWithoutRoot(config: Config, trialRules: string): Check[] {
  addSystemFolders();
  if (config.sandbox === 'oci') return [ociTakesRoot];
  return [weaker, namespaces, egressRules(trialRules), network(config), cgroups];
}

const ociTakesRoot = needed('root', 'unset MILLRACE_SANDBOX, or start Millrace as root', () => {
  throw new Error('MILLRACE_SANDBOX=oci takes root, and this is another user');
});

const weaker: Check = {
  subject: 'root',
  look: () => {
    throw new Trouble(
      'warning',
      'this is another user: jails can be built, with walls that are weaker in part (docs/security.md)',
      'start Millrace as root: its server then runs as an ordinary user, and each sandbox as one of its own',
    );
  },
};

const namespaces = needed('user namespaces', NAMESPACES_REMEDY, async () => {
  await tryNamespaces();
  return 'a jail can be built';
});

function egressRules(rules: string): Check {
  const remedy =
    'the kernel needs nf_tables with nat, conntrack, connlimit and reject, open to user namespaces';
  return needed('nftables', remedy, async () => {
    const [unshare, ...args] = enterCommand(CLOSED, ['nft', '-f', '-']);
    await runCommand(unshare, args, rules).catch((error: unknown) => {
      throw error instanceof CommandError ? new Error(error.output) : error;
    });
    return 'the rules of a sandbox can be loaded';
  });
}

function network(config: Config): Check {
  return {
    subject: 'way out',
    look: async () => {
      const problem = await networkProblem(await planEntrance(config));
      if (problem === null) return 'functions reach the network through pasta';
      throw new Trouble('warning', `functions have no network: ${problem}`, 'put it right, and start again');
    },
  };
}

const cgroups: Check = {
  subject: 'cgroups',
  look: () => {
    const plan = planOwnCgroups(machine.cgroupFacts(), machine.isOwnCgroup);
    if (plan === null)
      throw new Trouble('warning', 'none are this user’s: limits are watched over instead', DELEGATE_ADVICE);
    return Object.entries(plan)
      .map(([controller, { version }]) => `${controller} v${version}`)
      .join(', ');
  },
};
