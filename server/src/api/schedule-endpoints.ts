// POST /schedules/validate: whether a schedule can be understood, and when it would run next. Changes
// nothing.
import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { ticksAfter, timetableOf } from '../cron/timetable.ts';
import { readInput } from '../http/read-input.ts';
import { timetableFields } from '../triggers/schedule-settings.ts';
import type { ApiEndpoint } from './millrace-api.ts';

const MOST_RUNS = 100;

const validateSchema = z.strictObject({
  ...timetableFields,
  count: z.int().min(1).max(MOST_RUNS).default(5).describe('how many of the next runs are shown'),
});

const validatedSchema = z.object({
  cron: z.string(),
  time_zone: z.string(),
  next_runs: z.array(z.object({ at: z.iso.datetime(), local: z.string().describe("by the zone's clocks") })),
});

/** @param clock says from when on; nothing is run by it */
export function scheduleEndpoints({ clock }: { clock: Clock }): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/schedules/validate',
      summary: 'Checks a cron expression and shows the next runs',
      permit: { resource: 'hosted_functions', method: 'read' },
      body: validateSchema,
      response: validatedSchema,
      answer: async ({ body }) => {
        const read = readInput(validateSchema, body, 'the request body');
        const { cron, time_zone, count } = read;
        const ticks = ticksAfter(timetableOf({ cron, timeZone: time_zone }), clock(), count);
        return { cron: cron.trim(), time_zone, next_runs: ticks.map((at) => runView(at, time_zone)) };
      },
    },
  ];
}

function runView(tickMs: number, timeZone: string): { at: string; local: string } {
  const local = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    timeZoneName: 'longOffset',
  }).format(tickMs);
  return { at: new Date(tickMs).toISOString(), local };
}
