// Opens the pool of sandboxes, and has it and the functions in memory follow what changes: here or on another node.
import { systemClock } from '../clock/clock.ts';
import { CHANGE_CHANNEL } from '../functions/function-store.ts';
import { SandboxPool } from '../sandbox/sandbox-pool.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'hearing' | 'functions'>;

const TICK_MS = 1_000;

export function openPool({ config, log, endings, hearing, functions }: Parts): SandboxPool {
  const pool = new SandboxPool(config.limits, systemClock);
  const timer = setInterval(() => pool.tick(), TICK_MS);
  endings.push(() => {
    clearInterval(timer);
    return pool.close();
  });
  const changed = (id: string): void => {
    functions.forget(id);
    // A changed function's sandboxes give way when its next revision is called; a deleted one's would wait for age.
    functions.find(id).then(
      (fn) => fn === null && pool.retire(id),
      (error: unknown) => log.warn({ err: error }, 'a changed function could not be read'),
    );
  };
  hearing.on(CHANGE_CHANNEL, changed, () => functions.forgetAll());
  return pool;
}
