// What this machine must offer for jails: the supervisor's own questions, asked without starting anything.
// Most of them take root; who isn't is asked checks-without-root.ts. Called by doctor.ts.
import { existsSync } from 'node:fs';
import { installationName } from '../contract/paths.ts';
import type { Config } from '../server/src/config/config.ts';
import { type Check, needed, Trouble } from '../server/src/roles/finding.ts';
import { planCgroups } from '../supervisor/cgroup-plan.ts';
import { createJailBuilder } from '../supervisor/check-machine.ts';
import { type EgressPlan, sandboxRules } from '../supervisor/egress-rules.ts';
import { sourceProblem, uselessNetworks } from '../supervisor/egress-settings.ts';
import { firewallWarnings } from '../supervisor/host-firewall.ts';
import { networkNames } from '../supervisor/host-network.ts';
import { planResolvers } from '../supervisor/pinholes.ts';
import { runCommand } from '../supervisor/run-command.ts';
import { architectures } from '../supervisor/seccomp-table.ts';
import * as machine from '../supervisor/system-facts.ts';
import { trialCommand, tryJail } from '../supervisor/trial-jail.ts';
import { checksWithoutRoot } from './checks-without-root.ts';

export function machineChecks(config: Config): Check[] {
  if (config.sandbox === 'none') return [noJail];
  const settings = [resolver(config), egressSettings(config)];
  if (process.getuid?.() !== 0) {
    return [processor, ...checksWithoutRoot(config, sandboxRules(TRIAL_PLAN)), tools(config), ...settings];
  }
  return [
    ...[processor, root, tools(config)],
    ...(config.sandbox === 'oci' ? [containerRuntime(config)] : [namespaces]),
    ...[cgroups, egressRules, firewall(config), ...settings],
  ];
}

const noJail: Check = {
  subject: 'jail',
  look: () => {
    throw new Trouble(
      'warning',
      'MILLRACE_SANDBOX=none: functions run without a jail',
      'only trusted code may run here; unset MILLRACE_SANDBOX for jails',
    );
  },
};

const processor = needed('processor', 'run Millrace on x64 or arm64, or set MILLRACE_SANDBOX=none', () => {
  if (architectures.some((one) => one === process.arch)) return process.arch;
  throw new Error(`there is no filter of system calls for ${process.arch}`);
});

const root: Check = { subject: 'root', look: () => 'yes' };

function tools(config: Config): Check {
  const remedy =
    '`npm start` installs them as root on Debian and Ubuntu; elsewhere install the packages named';
  return needed('programs', remedy, () =>
    machine.checkTools(createJailBuilder(config)).then(() => 'all there'),
  );
}

const namespaces = needed(
  'user namespaces',
  'allow unprivileged user namespaces (sysctl, AppArmor)',
  async () => {
    await tryJail(trialCommand(machine.systemEntries()));
    return 'a jail can be built';
  },
);

function containerRuntime({ ociRuntime }: Config): Check {
  return needed(
    'container runtime',
    `install ${ociRuntime}, or name another in MILLRACE_OCI_RUNTIME`,
    async () => {
      const said = await runCommand(ociRuntime, ['--version']);
      return said.split('\n')[0] ?? ociRuntime;
    },
  );
}

const cgroups = needed('cgroups', 'mount cgroups with the controllers memory, cpu and pids', () => {
  const plan = planCgroups(machine.cgroupFacts());
  return Object.entries(plan)
    .map(([controller, { version }]) => `${controller} v${version}`)
    .join(', ');
});

/** Has each kind of rule in it that sandboxes have. */
const TRIAL_PLAN: EgressPlan = {
  range: { cidr: '100.96.8.0/21', gateway: '100.96.8.0' },
  allow: ['10.1.0.0/16'],
  ...{
    resolvers: ['100.96.8.0'],
    loopbackResolver: null,
    hostAddresses: [],
    database: null,
    registry: null,
    pythonIndex: null,
  },
  platform: { address: '127.0.0.1', port: 8700, hostTarget: '127.0.0.1' },
  ...{ source: null, udpPorts: ['443'] },
};

const egressRules = needed(
  'nftables',
  'the kernel needs nf_tables with nat, conntrack, connlimit and reject',
  async () => {
    // In a network namespace that ends with the command.
    await runCommand('unshare', ['--net', 'nft', '-f', '-'], sandboxRules(TRIAL_PLAN));
    return 'the rules of a sandbox can be loaded';
  },
);

function firewall(config: Config): Check {
  return {
    subject: 'firewall',
    look: async () => {
      // Before the first start no installation has a name; rules for all installations' links are found all
      // the same.
      const name = existsSync(config.dataDir) ? installationName(config.dataDir) : '';
      const [warning] = await firewallWarnings(networkNames(name).linkPrefix);
      if (warning === undefined) return 'lets functions out';
      const [told = warning, remedy = ''] = warning.split('; let them: ');
      throw new Trouble('warning', told, remedy);
    },
  };
}

function resolver(config: Config): Check {
  return {
    subject: 'resolver',
    look: () => {
      const { nameservers } = planResolvers(config.dnsServers, machine.resolvConf(), 'this machine');
      if (nameservers.length > 0) return `functions ask ${nameservers.join(', ')}`;
      throw new Trouble('warning', 'functions have no resolver', 'set MILLRACE_DNS');
    },
  };
}

function egressSettings(config: Config): Check {
  const remedy = 'correct MILLRACE_EGRESS_SOURCE';
  return needed('egress', remedy, () => {
    const problem = sourceProblem(config.egressSource, machine.hostAddresses());
    if (problem !== null) throw new Error(problem);
    const [useless] = uselessNetworks(config.egressAllow);
    if (useless === undefined) return 'as set';
    const told = `MILLRACE_EGRESS_ALLOW names ${useless.network}, which it does not open: ${useless.reason}`;
    throw new Trouble('warning', told, 'take it out');
  });
}
