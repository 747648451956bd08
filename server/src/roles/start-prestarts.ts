// Has instances of new versions started ahead of their first call, on every node that runs functions.
import { setTimeout as delay } from 'node:timers/promises';
import { CHANGE_CHANNEL } from '../functions/function-store.ts';
import type { AttemptParts } from '../runs/attempt-run.ts';
import { Prestarter } from '../sandbox/prestarter.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'hearing' | 'functions'> & {
  attempts: Pick<AttemptParts, 'pool' | 'targetOf'>;
};

export function startPrestarts({ config, log, endings, hearing, functions, attempts }: Parts): void {
  const find = async (id: string) => {
    const fn = await functions.find(id);
    return fn?.enabled === true && fn.pausedAt === null ? fn : null;
  };
  const prestarter = new Prestarter({
    start: async (id) => {
      try {
        const fn = await find(id);
        if (fn !== null) await attempts.pool.prestart(attempts.targetOf(fn));
      } catch (error) {
        log.warn({ err: error, function: id }, 'a changed function could not be read');
      }
    },
    mostPerMinute: config.limits.prestarts,
    pause: (ms) => delay(ms, undefined, { ref: false }),
    clock: () => performance.now(),
  });
  endings.push(async () => prestarter.close());
  const changed = (id: string): void => {
    find(id).then(
      (fn) =>
        fn !== null && prestarter.request({ accountId: fn.accountId, functionId: id, version: fn.version }),
      (error: unknown) => log.warn({ err: error, function: id }, 'a changed function could not be read'),
    );
  };
  hearing.on(CHANGE_CHANNEL, changed, () => {});
}
