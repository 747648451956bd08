// No walls: the runtime as a plain child process (MILLRACE_SANDBOX=none), for machines without jails. Never
// chosen by itself. Memory, CPU and network are not limited; the roles that compose it warn at every start.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { dotnetEnvironment } from '../../../contract/dotnet-environment.ts';
import { findDotnet, NO_DOTNETS } from '../../../contract/dotnets.ts';
import {
  type EngineName,
  type Language,
  languageOf,
  nodeMajor,
  versionOf,
} from '../../../contract/engine-name.ts';
import { javaArguments } from '../../../contract/java-launch.ts';
import { findJava, NO_JAVAS } from '../../../contract/javas.ts';
import type { MachineEngines } from '../../../contract/machine-engines.ts';
import {
  bareDir,
  DOTNET_HOST,
  engineBinary,
  homeDir,
  JAVA_RUNTIME,
  npmDir,
} from '../../../contract/paths.ts';
import { runtimeLaunch } from '../../../contract/runtime-launch.ts';
import type { SandboxExit } from '../../../contract/sandbox.ts';
import { fail } from '../errors/failure.ts';
import { barePlace } from './bare-place.ts';
import type {
  BuildSpec,
  SandboxDriver,
  SandboxPlace,
  SandboxProcess,
  SandboxSpec,
} from './sandbox-driver.ts';

export type BareDriverParams = Partial<MachineEngines> & {
  dataDir: string;
  enginesDir: string;
  /** PEM file, or null. */
  extraCaCerts: string | null;
  /** Whether the runtime's fork addon is built. */
  canFork?: boolean;
};

export function openBareDriver(params: BareDriverParams): SandboxDriver {
  const running = new Set<SandboxProcess>();
  const keep = (sandbox: SandboxProcess): SandboxProcess => {
    running.add(sandbox);
    void sandbox.exited.then(() => running.delete(sandbox));
    return sandbox;
  };
  // Whatever a former life has left.
  rmSync(bareDir(params.dataDir), { recursive: true, force: true });
  return {
    name: 'none',
    start: async (spec) => keep(await startProcess(params, spec)),
    build: async (spec) => keep(await startBuilder(params, spec)),
    close: async () => {
      for (const sandbox of running) sandbox.kill();
      await Promise.all([...running].map((sandbox) => sandbox.exited));
    },
  };
}

async function startProcess(params: BareDriverParams, spec: SandboxSpec): Promise<SandboxProcess> {
  const place: SandboxPlace = {
    taskRoot: await barePlace(params.dataDir, spec),
    runtimeDir: path.join(homeDir(), 'runtimes', languageOf(spec.engine)),
    extraCaCertsFile: params.extraCaCerts,
    allRootsFile: null,
  };
  return spawnGroup(spec.id, place, LAUNCHES[languageOf(spec.engine)](params, spec, place));
}

function nodeLaunch(params: BareDriverParams, spec: SandboxSpec, { runtimeDir }: SandboxPlace): Launch {
  const heapMb = Math.floor(spec.limits.memoryMb * 0.8);
  const launch = runtimeLaunch({
    runtimeDir,
    reuse: spec.reuse ?? 'warm',
    canFork: params.canFork === true,
    isJailed: false,
  });
  return {
    command: engineBinary(params.enginesDir, nodeMajor(spec.engine)),
    args: [`--max-old-space-size=${heapMb}`, ...launch.args],
    environment: { ...launch.environment, ...extraRoots(params) },
  };
}

function pythonLaunch(params: BareDriverParams, spec: SandboxSpec, { runtimeDir }: SandboxPlace): Launch {
  const args = ['-S', '-B', path.join(runtimeDir, 'bootstrap.py')];
  return { command: pythonBinary(params.pythons, spec.engine), args, environment: {} };
}

function pythonBinary(pythons: BareDriverParams['pythons'], engine: EngineName): string {
  const found = pythons?.find(({ version }) => version === versionOf(engine));
  if (found === undefined) fail('unavailable', { message: `there is no ${engine} on this machine` });
  return path.join(found.prefix, found.binary);
}

function dotnetLaunch({ enginesDir, dotnets = NO_DOTNETS }: BareDriverParams, spec: SandboxSpec): Launch {
  const folder = path.join(enginesDir, findDotnet(spec.engine, dotnets).folder);
  const environment = dotnetEnvironment({
    ...{ memoryMb: spec.limits.memoryMb, hasIcu: dotnets.hasIcu },
    provided: { node: process.execPath, entry: path.join(homeDir(), 'runtimes/provided/bootstrap.cjs') },
  });
  return { command: path.join(folder, 'dotnet'), args: [path.join(folder, DOTNET_HOST)], environment };
}

function javaLaunch({ enginesDir, javas }: BareDriverParams, spec: SandboxSpec): Launch {
  const dir = path.join(enginesDir, findJava(spec.engine, javas ?? NO_JAVAS).folder);
  const launch = { memoryMb: spec.limits.memoryMb, runtime: path.join(dir, JAVA_RUNTIME), trustStore: null };
  return { command: path.join(dir, 'bin/java'), args: javaArguments(launch), environment: {} };
}

type LaunchOf = (params: BareDriverParams, spec: SandboxSpec, place: SandboxPlace) => Launch;

const LAUNCHES: Record<Language, LaunchOf> = {
  node: nodeLaunch,
  python: pythonLaunch,
  dotnet: dotnetLaunch,
  java: javaLaunch,
  provided: (_params, _spec, { runtimeDir }) => ({
    ...{ command: process.execPath, args: [path.join(runtimeDir, 'bootstrap.cjs')], environment: {} },
  }),
};

/** The builder as a child process: what it installs lies in a folder that goes with it. */
async function startBuilder(params: BareDriverParams, spec: BuildSpec): Promise<SandboxProcess> {
  const workDir = mkdtempSync(path.join(tmpdir(), 'millrace-build-'));
  const runtimeDir = path.join(homeDir(), 'runtimes', 'builder');
  const place = { taskRoot: workDir, runtimeDir, extraCaCertsFile: params.extraCaCerts, allRootsFile: null };
  const launch = builderLaunch(params, spec, { runtimeDir, workDir });
  // Its settings hold secrets, which are none of npm's.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('MILLRACE_'));
  const environment = { ...Object.fromEntries(own), ...extraRoots(params) };
  const sandbox = await spawnGroup(spec.id, place, { ...launch, environment });
  void sandbox.exited.then(() => rmSync(workDir, { recursive: true, force: true, maxRetries: 3 }));
  return sandbox;
}

function builderLaunch(
  { pythons }: BareDriverParams,
  { python }: BuildSpec,
  { runtimeDir, workDir }: { runtimeDir: string; workDir: string },
): Pick<Launch, 'command' | 'args'> {
  if (python === null)
    return { command: process.execPath, args: [path.join(runtimeDir, 'build.cjs'), npmDir(), workDir] };
  return {
    command: pythonBinary(pythons, python),
    args: ['-S', '-B', path.join(runtimeDir, 'build.py'), workDir],
  };
}

function extraRoots({ extraCaCerts }: BareDriverParams): Record<string, string> {
  return extraCaCerts === null ? {} : { NODE_EXTRA_CA_CERTS: extraCaCerts };
}

type Launch = { command: string; args: string[]; environment: NodeJS.ProcessEnv };

async function spawnGroup(id: string, place: SandboxPlace, launch: Launch): Promise<SandboxProcess> {
  // A process group of its own, so that what the runtime has started can be killed with it.
  const child = spawn(launch.command, launch.args, {
    cwd: place.taskRoot,
    env: launch.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = exitOf(child);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  }).catch((cause: unknown) => fail('unavailable', { message: 'the runtime cannot be started', cause }));
  const control = child.stdio[3] as Duplex;
  control.on('error', () => control.destroy());
  return {
    ...{ id, place, control, exited },
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    isFromStock: false,
    memoryPeakBytes: () => null,
    cpuUsageMs: () => null,
    kill: () => killGroup(child),
  };
}

function exitOf(child: ChildProcess): Promise<SandboxExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      killGroup(child);
      resolve({ code, signal, outOfMemory: false, memoryPeakBytes: null });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // Nothing of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
