// Whether jails can be built on this machine, and by which means: tools, system calls, cgroups, one jail on
// trial. Changes nothing. Called by supervise.ts before it makes anything; the doctor asks for the builder.
import path from 'node:path';
import type { SupervisorSettings } from '../contract/supervisor-settings.ts';
import { StartError } from '../process/start-error.ts';
import { type CgroupPlan, planCgroups } from './cgroup-plan.ts';
import type { SystemEntry } from './jail-arguments.ts';
import { type Architecture, architectures } from './seccomp-table.ts';
import * as machine from './system-facts.ts';
import { trialCommand, tryJail } from './trial-jail.ts';

export type Machine = {
  system: SystemEntry[];
  /** null: limits are watched over. */
  cgroupPlan: CgroupPlan | null;
  architecture: Architecture;
};

type Settings = Pick<SupervisorSettings, 'sandbox' | 'ociRuntime' | 'withoutRoot'>;

/** @throws StartError with what this machine lacks */
export async function checkMachine(settings: Settings): Promise<Machine> {
  try {
    const architecture = architectures.find((one) => one === process.arch);
    if (architecture === undefined) throw new Error(`there is no filter of system calls for ${process.arch}`);
    const builder = createJailBuilder(settings);
    if (process.getuid?.() !== 0) throw new Error('jails are built by root');
    await machine.checkTools(builder);
    const system = machine.systemEntries();
    if (builder === BUBBLEWRAP) await tryJail(trialCommand(system, uidOf(settings)?.toString()));
    const { withoutRoot } = settings;
    const cgroupPlan = withoutRoot === null ? planCgroups(machine.cgroupFacts()) : withoutRoot.cgroups;
    return { system, architecture, cgroupPlan };
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

/** Without root there is but one user, whom the supervisor's user namespace shows as 0. */
export function uidOf({ withoutRoot }: Pick<Settings, 'withoutRoot'>): number | null {
  return withoutRoot === null ? null : 0;
}

const BUBBLEWRAP: machine.JailBuilder = { tool: 'bwrap', packageName: 'bubblewrap' };

/** What builds the jails that the configuration asks for. */
export function createJailBuilder({
  sandbox,
  ociRuntime,
}: {
  sandbox: string;
  ociRuntime: string;
}): machine.JailBuilder {
  return sandbox === 'oci' ? { tool: ociRuntime, packageName: path.basename(ociRuntime) } : BUBBLEWRAP;
}
