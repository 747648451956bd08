// Chooses the sandbox driver that the configuration names. `none` is never chosen by itself.
import { once } from 'node:events';
import path from 'node:path';
import type { Logger } from 'pino';
import { homeDir } from '../../../contract/paths.ts';
import { canFork, NO_FORK_WARNING } from '../../../contract/runtime-launch.ts';
import { StartError } from '../../../process/start-error.ts';
import { systemClock } from '../clock/clock.ts';
import type { Config } from '../config/config.ts';
import { openBareDriver } from '../sandbox/bare-driver.ts';
import type { SandboxDriver } from '../sandbox/sandbox-driver.ts';
import { openSupervisedDriver } from '../sandbox/supervised-driver.ts';
import { supervisorDir } from './open-outgoing-calls.ts';

/** Of the memory budget: what sandboxes without a function may hold on top of it. */
const BLANK_SHARE = 1 / 8;

/**
 * Resolves once sandboxes can be started.
 * @throws StartError when the request to end comes before the supervisor
 */
export async function openDriver(config: Config, log: Logger, stopping: AbortSignal): Promise<SandboxDriver> {
  if (config.sandbox === 'none') {
    const forks = canFork(path.join(homeDir(), 'runtimes/node'));
    if (!forks) log.warn(NO_FORK_WARNING);
    return openBareDriver({ ...config, canFork: forks });
  }
  const driver = openSupervisedDriver({
    name: config.sandbox,
    runDir: supervisorDir(config),
    hasExtraCaCerts: config.extraCaCerts !== null,
    blanks: {
      // An OCI runtime's mounts can't be added to from outside.
      most: config.sandbox === 'bubblewrap' ? config.limits.blankSandboxes : 0,
      budgetMb: config.limits.memoryBudgetMb * BLANK_SHARE,
    },
    clock: systemClock,
    log,
  });
  await Promise.race([driver.ready, aborted(stopping)]);
  if (!stopping.aborted) return driver;
  await driver.close();
  throw new StartError('stopped before it had come up');
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
