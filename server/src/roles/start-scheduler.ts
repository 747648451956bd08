// Lets this node tick schedules, if that is one of its roles; and lets schedulers hear when a run ends that a
// tick waits for.
import type { RunFollower } from '../runs/run-follower.ts';
import { publishEndedRuns, SCHEDULE_CHANNEL } from '../schedules/schedule-store.ts';
import { startScheduler } from '../schedules/scheduler.ts';
import { TRIGGER_CHANNEL } from '../triggers/trigger-store.ts';
import type { Offer } from './area.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'database' | 'hearing' | 'queue'>;

export function offerSchedules(): Offer {
  const schedule: RunFollower = async (sql, ended) => {
    await publishEndedRuns(
      sql,
      ended.flatMap(({ triggerId }) => triggerId ?? []),
    );
  };
  return { followers: { schedule } };
}

export function beginScheduling(parts: Parts): void {
  const { config, log, endings, database, hearing, queue } = parts;
  if (!config.roles.includes('scheduler')) return;
  const scheduler = startScheduler({ database, queue, log });
  endings.push(() => scheduler.stop());
  const wake = (): void => scheduler.wake();
  hearing.on(TRIGGER_CHANNEL, wake, wake);
  hearing.on(SCHEDULE_CHANNEL, wake, wake);
}
