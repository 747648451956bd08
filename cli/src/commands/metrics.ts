// `millrace metrics`: what runs come to, in steps of a span, and what the account uses by day.
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { showTable } from '../frame/show-table.ts';
import { showDuration, timeBefore } from '../frame/show-time.ts';
import { take } from '../frame/take.ts';

const STEPS = ['1m', '5m', '15m', '1h', '6h', '1d', 'all'] as const;
const GROUPINGS = ['none', 'function', 'trigger'] as const;

const runs = defineCommand({
  about: 'How many runs ended, how, and how long they took, step by step',
  example: 'millrace metrics runs --function hello --step 1h --since 2d',
  options: {
    function: { type: 'string', about: 'of this function only' },
    trigger: { type: 'string', about: 'of what this kind of thing started' },
    step: { type: 'string', about: `${STEPS.join(', ')}; 1m if it is left out` },
    since: { type: 'string', value: 'time', about: '15m, 2h, 3d, or a time; 60 steps if it is left out' },
    by: { type: 'string', about: 'function or trigger: each apart' },
  },
  async run({ options, client, terminal }) {
    const api = await client();
    const { function: of, trigger, step, since, by } = options;
    const query = {
      ...(of !== undefined && { function_id: (await findFunction(api, of)).id }),
      ...(trigger !== undefined && { trigger }),
      ...(step !== undefined && { step: step as (typeof STEPS)[number] }),
      ...(since !== undefined && { from: timeBefore(since, Date.now()) }),
      ...(by !== undefined && { group_by: by as (typeof GROUPINGS)[number] }),
    };
    const data = await api.get('/metrics/runs', { params: { query } });
    type Point = (typeof data)['data'][number];
    const columns = {
      FROM: ({ at }: Point) => at,
      ...(by === 'function' && { FUNCTION: ({ function_id }: Point) => function_id }),
      ...(by === 'trigger' && { TRIGGER: ({ trigger: kind }: Point) => kind }),
      RUNS: ({ runs: { total } }: Point) => total,
      FAILED: ({ runs: { total, succeeded, cancelled } }: Point) => total - succeeded - cancelled,
      P50: ({ duration_ms }: Point) => showDuration(duration_ms?.p50 ?? null),
      P95: ({ duration_ms }: Point) => showDuration(duration_ms?.p95 ?? null),
      COLD: ({ cold_starts }: Point) => cold_starts,
    };
    return { data, text: showTable(terminal, data.data, columns, 'Nothing ended in this time.') };
  },
});

const usage = defineCommand({
  about: 'What the account used on each day',
  example: 'millrace metrics usage --from 2026-11-01',
  options: {
    from: { type: 'string', value: 'day', about: 'the first one; of this month if it is left out' },
    to: { type: 'string', value: 'day', about: 'the last one; today if it is left out' },
  },
  async run({ options: { from, to }, client, terminal }) {
    const query = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const data = await take((await client()).list('/metrics/usage', { params: { query } }), 10_000);
    type Day = (typeof data)[number];
    const columns = {
      DAY: ({ date }: Day) => date,
      RUNS: ({ runs: count }: Day) => count,
      FAILED: ({ failed_runs }: Day) => failed_runs,
      SECONDS: ({ execution_seconds }: Day) => execution_seconds,
      'GB SECONDS': ({ gb_seconds }: Day) => gb_seconds,
    };
    return { data: { data }, text: showTable(terminal, data, columns, 'Nothing was used in this time.') };
  },
});

export const verbs = { runs, usage };
