// Ticks schedules on time, on every node that has the role; the database sees to it that each tick is one
// node's. Sleeps until the next tick is due or something changes. Never asks this machine's clock what time
// it is. Built by roles/start-scheduler.ts.
//
//   pass ─► more due? pass again at once
//        └► sleep until the next tick, a change, or the safety poll ─► pass
import type { Logger } from 'pino';
import { startWakefulLoop, type WakefulLoop } from '../clock/wakeful-loop.ts';
import { createTimetableCache } from '../cron/timetable-cache.ts';
import type { Database } from '../postgres/database.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { untilNextTick } from './schedule-store.ts';
import { type Pass, tickSchedules } from './tick-schedules.ts';

/** Is woken where a schedule has changed, or a waiting tick may be ready. */
export type Scheduler = WakefulLoop;

type Parts = {
  database: Database;
  queue: RunQueue;
  log: Logger;
  /** Schedules of one transaction. */
  batch?: number;
};

/**
 * Fewer would commit too often and come in the way of the runs that have begun, more would keep the first
 * runs of a full minute waiting.
 */
const BATCH = 250;
const TIMETABLES = 5_000;
/** Longest sleep: what a lost notification costs at most. */
const SAFETY_POLL_MS = 5_000;
/** How long a schedule that was refused (its account's queue is full) is left alone. */
const REFUSED_PAUSE_MS = 5_000;
const AFTER_ERROR_MS = 1_000;
const OTHERS_PAUSE_MS = 25;

export function startScheduler({ database, queue, log, batch = BATCH }: Parts): Scheduler {
  const timetables = createTimetableCache(TIMETABLES);
  /** Refused schedules, until when on the clock that never jumps. */
  const refusedUntil = new Map<string, number>();

  function leftAlone(): string[] {
    for (const [id, until] of refusedUntil) if (until <= performance.now()) refusedUntil.delete(id);
    return [...refusedUntil.keys()];
  }

  /** @returns whether more may be due */
  async function pass(isStopped: () => boolean): Promise<boolean> {
    const { refused, isFull } = await tickSchedules({ database, queue, timetables, batch }, leftAlone());
    noteRefusals(refused);
    return isFull && !isStopped();
  }

  async function passUntilNone(isStopped: () => boolean): Promise<void> {
    while (await pass(isStopped));
  }

  /**
   * One pass as a rule; where much is due, two at a time: while one is being written, the next is decided.
   */
  async function passAll(isStopped: () => boolean): Promise<void> {
    if (await pass(isStopped)) await Promise.all([passUntilNone(isStopped), passUntilNone(isStopped)]);
  }

  function noteRefusals(refused: Pass['refused']): void {
    for (const { id, error } of refused) {
      refusedUntil.set(id, performance.now() + REFUSED_PAUSE_MS);
      log.warn({ trigger: id, err: error }, 'a schedule could not tick: trying again');
    }
  }

  async function sleepTimeMs(): Promise<number> {
    const untilMs = await untilNextTick(database, leftAlone());
    // What is due all the same is in another node's hands, for now.
    if (untilMs !== null && untilMs <= 0) return OTHERS_PAUSE_MS;
    return Math.min(SAFETY_POLL_MS, Math.ceil(untilMs ?? SAFETY_POLL_MS));
  }

  return startWakefulLoop({
    look: async (isStopped) => {
      await passAll(isStopped);
      return await sleepTimeMs();
    },
    onError: (error) => log.error({ err: error }, 'schedules could not be looked at: trying again'),
    retryAfterMs: AFTER_ERROR_MS,
  });
}
