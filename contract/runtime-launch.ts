// How a Node runtime process is started: plainly, or as a template that every run is forked from. Pure but
// for one look at what is built. Called by what starts one: supervisor/jail-arguments.ts in a jail,
// bare-driver.ts without.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Reuse } from './sandbox.ts';

export type RuntimeLaunch = {
  /** What follows the engine's binary on the command line. */
  args: string[];
  /** The environment to start with. */
  environment: Record<string, string>;
};

export type LaunchParams = {
  /** Where the process sees runtimes/node. */
  runtimeDir: string;
  reuse: Reuse;
  canFork: boolean;
  isJailed: boolean;
};

const PRELOAD_FILE = 'fork/build/Release/libheap-arena.so';
const ADDON_FILE = 'fork/build/Release/fork.node';

/**
 * V8 runs without threads of its own in a template: a fork takes none along. Its heap is kept across the fork
 * by the preloaded library; the timer by which V8 collects its garbage some seconds after it has become idle
 * would go off in every child. `jailed` permits it to kill every process that it sees and to empty /tmp.
 */
export function runtimeLaunch({ runtimeDir, reuse, canFork, isJailed }: LaunchParams): RuntimeLaunch {
  if (reuse === 'warm' || !canFork)
    return { args: [path.join(runtimeDir, 'bootstrap.cjs')], environment: {} };
  const entry = path.join(runtimeDir, 'template.cjs');
  return {
    args: [
      '--single-threaded',
      '--v8-pool-size=0',
      '--no-memory-reducer',
      entry,
      ...(isJailed ? ['jailed'] : []),
    ],
    environment: { LD_PRELOAD: path.join(runtimeDir, PRELOAD_FILE) },
  };
}

/** Reported once at start, where it is so. */
export const NO_FORK_WARNING =
  'runtimes/node/fork is not built (it takes a C compiler, make and Python 3): each run of a function with `reuse: none` ' +
  'gets a new sandbox, which is slower';

/** @param runtimeDir where this process sees runtimes/node */
export function canFork(runtimeDir: string): boolean {
  return [PRELOAD_FILE, ADDON_FILE].every((file) => existsSync(path.join(runtimeDir, file)));
}
