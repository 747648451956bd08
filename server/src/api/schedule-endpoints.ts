// When a schedule runs next, by the clocks of its zone: of one that is only written down yet
// (/schedules/validate), and of a trigger that there is. Changes nothing. Called by roles/mount-doors.ts.
import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { CLOCK_CHANGES, type ClockChange, createClockChangeFinder } from '../cron/clock-change.ts';
import { ticksAfter, timetableOf } from '../cron/timetable.ts';
import { zoneOffsets } from '../cron/zone-offsets.ts';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import type { Sql } from '../postgres/database.ts';
import { timetableFields } from '../triggers/schedule-settings.ts';
import { getTrigger } from '../triggers/trigger-store.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';

const MOST_RUNS = 100;
const USUAL_RUNS = 5;
const FROM_WHEN = 'runs after this time are shown; now, where it is left out';

const validateSchema = z.strictObject({
  ...timetableFields,
  count: z.int().min(1).max(MOST_RUNS).default(USUAL_RUNS).describe('how many of the next runs are shown'),
  from: z.iso.datetime({ offset: true }).optional().describe(FROM_WHEN),
});

const nextRunsSchema = z.object({
  cron: z.string(),
  time_zone: z.string(),
  next_runs: z.array(
    z.object({
      at: z.iso.datetime(),
      local: z.string().describe("by the zone's clocks"),
      clock_change: z
        .enum(CLOCK_CHANGES)
        .nullable()
        .describe('`skipped`: for a time that the clocks skip; `repeated`: at one that they show twice'),
    }),
  ),
});

type Parts = {
  sql: Sql;
  /** Says from when on; nothing is run by it. */
  clock: Clock;
};

export function scheduleEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/schedules/validate',
      summary: 'Checks a cron expression and shows the next runs',
      permit: { resource: 'hosted_functions', method: 'read' },
      body: validateSchema,
      response: nextRunsSchema,
      answer: async ({ body }) => {
        const { cron, time_zone, count, from } = readInput(validateSchema, body, 'the request body');
        return nextRuns({ cron, timeZone: time_zone }, { count, fromMs: instantOf(parts, from) });
      },
    },
    {
      method: 'GET',
      path: '/triggers/:id/next-runs',
      summary: 'When a schedule runs next, as long as it is enabled and not paused',
      permit: { resource: 'triggers', method: 'read' },
      query: {
        count: validateSchema.shape.count,
        from: textParameter(FROM_WHEN),
      },
      response: nextRunsSchema,
      answer: (request) => runsOfTrigger(parts, request),
    },
  ];
}

const querySchema = z.object({
  count: z.coerce.number().int().min(1).max(MOST_RUNS).default(USUAL_RUNS),
  from: validateSchema.shape.from,
});

async function runsOfTrigger(parts: Parts, { world, params, query }: ApiRequest): Promise<unknown> {
  const trigger = await getTrigger(parts.sql, world, params.id ?? '');
  if (trigger === null) return fail('not_found', { message: 'there is no such trigger' });
  if (trigger.kind !== 'schedule') {
    fail('invalid_state', { message: `a trigger of the kind ${trigger.kind} has no timetable` });
  }
  const given = {
    count: readFilter(query, 'count') ?? undefined,
    from: readFilter(query, 'from') ?? undefined,
  };
  const { count, from } = readInput(querySchema, given, 'the query');
  return nextRuns(trigger.settings, { count, fromMs: instantOf(parts, from) });
}

function instantOf({ clock }: Parts, from: string | undefined): number {
  return from === undefined ? clock() : Date.parse(from);
}

type Timetable = { cron: string; timeZone: string };

function nextRuns(key: Timetable, { count, fromMs }: { count: number; fromMs: number }): unknown {
  const zone = zoneOffsets(key.timeZone);
  const changeAt = createClockChangeFinder(key, zone);
  const ticks = ticksAfter(timetableOf(key, zone), fromMs, count);
  const local = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: key.timeZone, timeZoneName: 'longOffset' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  return {
    ...{ cron: key.cron.trim(), time_zone: key.timeZone },
    next_runs: ticks.map((at) => runView(at, local.format(at), changeAt(at))),
  };
}

function runView(tickMs: number, local: string, clock_change: ClockChange | null): unknown {
  return { at: new Date(tickMs).toISOString(), local, clock_change };
}
