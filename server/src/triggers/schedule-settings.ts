// The settings of a schedule: when it ticks, what becomes of ticks that were missed, and of those that come
// too early. Pure. Called by trigger-settings.ts and the API.
import { z } from 'zod';
import { readCron } from '../cron/cron-expression.ts';
import { timeZoneProblem } from '../cron/time-zone.ts';
import { timetableOf } from '../cron/timetable.ts';
import { readInput } from '../http/read-input.ts';
import { refineBy } from './address-settings.ts';
import type { CatchUp, ScheduleTriggerSettings, Trigger } from './trigger.ts';
import type { ReadSettings, SettingsFacts } from './trigger-settings.ts';

const MOST_CAUGHT_UP = 100;

/** What says when a schedule ticks. */
export const timetableFields = {
  cron: z.string().superRefine(refineBy(cronProblem)),
  time_zone: z.string().superRefine(refineBy(timeZoneProblem)).default('UTC'),
};

const catchUp = z.discriminatedUnion(
  'policy',
  [
    z.strictObject({ policy: z.literal('skip') }),
    z.strictObject({ policy: z.literal('once') }),
    z.strictObject({ policy: z.literal('all'), limit: z.int().min(1).max(MOST_CAUGHT_UP) }),
  ],
  'must be {"policy":"skip"}, {"policy":"once"} or {"policy":"all","limit":10}',
);

export const scheduleSettingsSchema = z.strictObject({
  ...timetableFields,
  catch_up: catchUp.default({ policy: 'once' }),
  overlap: z.enum(['allow', 'skip', 'queue_one']).default('allow'),
});

/**
 * A change of the timetable takes the next tick away: a scheduler gives it one, on the database's clock. Any
 * other change leaves it as it is.
 * @throws Failure `invalid_input` naming the field below `settings`
 */
export function readScheduleSettings(value: unknown, { before }: SettingsFacts): ReadSettings {
  const schema = z.object({ settings: scheduleSettingsSchema });
  const read = readInput(schema, { settings: value ?? {} }, 'settings').settings;
  const settings: ScheduleTriggerSettings = {
    cron: read.cron.trim(),
    timeZone: read.time_zone,
    catchUp: read.catch_up as CatchUp,
    overlap: read.overlap,
  };
  return isSameTimetable(before as ScheduleTriggerSettings | null, settings)
    ? { settings }
    : { settings, nextTickAt: null };
}

/**
 * When a schedule ticks next, as far as it is switched on: also before a scheduler has seen its last change.
 */
export function nextTickOf(
  schedule: Pick<Trigger, 'enabled' | 'pausedAt' | 'modifiedAt'> & {
    settings: ScheduleTriggerSettings;
    nextTickAt: Date | null;
  },
): Date | null {
  if (!schedule.enabled || schedule.pausedAt !== null) return null;
  if (schedule.nextTickAt !== null) return schedule.nextTickAt;
  const tick = timetableOf(schedule.settings).after(schedule.modifiedAt.getTime());
  return tick === null ? null : new Date(tick);
}

/** As the API shows them. */
export function scheduleSettingsView(settings: ScheduleTriggerSettings): Record<string, unknown> {
  const { cron, timeZone: time_zone, catchUp: catch_up, overlap } = settings;
  return { cron, time_zone, catch_up, overlap };
}

function isSameTimetable(before: ScheduleTriggerSettings | null, after: ScheduleTriggerSettings): boolean {
  return before !== null && before.cron === after.cron && before.timeZone === after.timeZone;
}

function cronProblem(text: string): string | null {
  const read = readCron(text);
  return 'problem' in read ? read.problem : null;
}
