// Opens the pool of sandboxes, and has it and the functions in memory follow what changes: here or on another
// node.
import { systemClock } from '../clock/clock.ts';
import { CHANGE_CHANNEL, VALUES_CHANNEL } from '../functions/function-store.ts';
import type { Leftover } from '../sandbox/count-leftovers.ts';
import { SandboxPool } from '../sandbox/sandbox-pool.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'hearing' | 'functions'> & {
  /** Called with the processor time that runs have left behind them. */
  onLeftover: (leftover: Leftover) => void;
};

const TICK_MS = 1_000;

export function openPool(parts: Parts): SandboxPool {
  const { config, log, endings, hearing, functions, onLeftover } = parts;
  const pool = new SandboxPool(config.limits, systemClock, (leftover) => {
    if (leftover.isSpent)
      log.info(leftover, 'an instance ends: what runs have left behind takes the processor');
    onLeftover(leftover);
  });
  const timer = setInterval(() => pool.tick(), TICK_MS);
  endings.push(() => {
    clearInterval(timer);
    return pool.close();
  });
  const changed = (id: string): void => {
    functions.forget(id);
    // A changed function's sandboxes give way when its next revision is called; a deleted one's would wait
    // for age.
    functions.find(id).then(
      (fn) => fn === null && pool.retire(id),
      (error: unknown) => log.warn({ err: error }, 'a changed function could not be read'),
    );
  };
  hearing.on(CHANGE_CHANNEL, changed, () => functions.forgetAll());
  hearing.on(VALUES_CHANNEL, functions.forgetWorld, () => {});
  return pool;
}
