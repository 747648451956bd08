// POST /v2/functions/validate_cron: the page's Validate button, which shows when a schedule would run next.
// Changes nothing.
import { z } from 'zod';
import { ticksAfter, timetableOf } from '../../cron/timetable.ts';
import { readInput } from '../../http/read-input.ts';
import * as rules from './field-rules.ts';
import type { RevcentEndpoint } from './revcent-api.ts';

/** As many as the page shows. */
const NEXT_RUNS = 5;

const schema = z.object({
  cron_expression: rules.cronExpression,
  cron_timezone: z.union([z.literal(''), rules.cronTimezone]).nullish(),
});

/** @param clock Unix time in ms */
export function cronEndpoint({ clock }: { clock(): number }): RevcentEndpoint {
  return {
    method: 'POST',
    path: '/functions/validate_cron',
    permit: { resource: 'hosted_functions', method: 'read' },
    takes: schema,
    answer: async ({ body }) => {
      const { cron_expression: cron, cron_timezone } = readInput(schema, body(), 'the request body');
      const timeZone = cron_timezone || 'UTC';
      const ticks = ticksAfter(timetableOf({ cron, timeZone }), clock(), NEXT_RUNS);
      return {
        body: {
          cron_expression: cron,
          cron_timezone: timeZone,
          next_runs: ticks.map((at) => new Date(at).toISOString()),
          next_runs_unix: ticks.map((at) => at / 1000),
        },
      };
    },
  };
}
