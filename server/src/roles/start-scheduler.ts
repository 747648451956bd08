// Lets this node tick schedules, if that is one of its roles; and lets schedulers hear when a run ends that a tick waits for.
import { publishEndedRuns, SCHEDULE_CHANNEL } from '../schedules/schedule-store.ts';
import { startScheduler } from '../schedules/scheduler.ts';
import { TRIGGER_CHANNEL } from '../triggers/trigger-store.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'log' | 'endings' | 'database' | 'hearing' | 'queue' | 'followers'>;

export function beginScheduling(parts: Parts): void {
  const { config, log, endings, database, hearing, queue, followers } = parts;
  followers.schedule = async (sql, ended) => {
    await publishEndedRuns(
      sql,
      ended.flatMap(({ triggerId }) => triggerId ?? []),
    );
  };
  if (!config.roles.includes('scheduler')) return;
  const scheduler = startScheduler({ database, queue, log });
  endings.push(() => scheduler.stop());
  const wake = (): void => scheduler.wake();
  hearing.on(TRIGGER_CHANNEL, wake, wake);
  hearing.on(SCHEDULE_CHANNEL, wake, wake);
}
