// No walls: the runtime as a plain child process (MILLRACE_SANDBOX=none), for machines without jails. Never chosen by
// itself. Memory, CPU and network are not limited; the roles that compose it warn at every start.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { bundleDir, engineBinary, homeDir } from '../config/paths.ts';
import { fail } from '../errors/failure.ts';
import { runtimeLaunch } from './runtime-launch.ts';
import type {
  SandboxDriver,
  SandboxExit,
  SandboxPlace,
  SandboxProcess,
  SandboxSpec,
} from './sandbox-driver.ts';

export type BareDriverParams = {
  dataDir: string;
  enginesDir: string;
  /** PEM file, or null. */
  extraCaCerts: string | null;
  /** Whether the runtime's fork addon is built. */
  canFork?: boolean;
};

export function openBareDriver(params: BareDriverParams): SandboxDriver {
  const running = new Set<SandboxProcess>();
  return {
    name: 'none',
    start: async (spec) => {
      const sandbox = await startProcess(params, spec);
      running.add(sandbox);
      void sandbox.exited.then(() => running.delete(sandbox));
      return sandbox;
    },
    close: async () => {
      for (const sandbox of running) sandbox.kill();
      await Promise.all([...running].map((sandbox) => sandbox.exited));
    },
  };
}

async function startProcess(params: BareDriverParams, spec: SandboxSpec): Promise<SandboxProcess> {
  const place: SandboxPlace = {
    taskRoot: bundleDir(params.dataDir, spec.bundleHash),
    runtimeDir: path.join(homeDir(), 'runtimes', 'node'),
    extraCaCertsFile: params.extraCaCerts,
  };
  const heapMb = Math.floor(spec.limits.memoryMb * 0.8);
  const launch = runtimeLaunch({
    runtimeDir: place.runtimeDir,
    reuse: spec.reuse ?? 'warm',
    canFork: params.canFork === true,
    isJailed: false,
  });
  const args = [`--max-old-space-size=${heapMb}`, ...launch.args];
  // A process group of its own, so that what the runtime has started can be killed with it.
  const child = spawn(engineBinary(params.enginesDir, spec.engineMajor), args, {
    cwd: place.taskRoot,
    env: {
      ...launch.environment,
      ...(params.extraCaCerts === null ? {} : { NODE_EXTRA_CA_CERTS: params.extraCaCerts }),
    },
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
    ...{ id: spec.id, place, control, exited },
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    memoryPeakBytes: () => null,
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
