// Numbers of runs over a span, in so many steps as can be drawn. Called by run-histogram.tsx.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { read } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import type { RunFilter } from './run-search.ts';

const STEPS = [
  { name: '1m', ms: 60_000 },
  { name: '5m', ms: 300_000 },
  { name: '15m', ms: 900_000 },
  { name: '1h', ms: 3_600_000 },
  { name: '6h', ms: 21_600_000 },
  { name: '1d', ms: 86_400_000 },
] as const;
type Step = (typeof STEPS)[number];

const MOST_BARS = 100;
const EVERY_MS = 15_000;

export type Bar = { at: number; total: number; bad: number };

/** The shortest step in which a span is few enough bars. */
export function stepOf(spanMs: number): Step {
  return STEPS.find(({ ms }) => spanMs / ms <= MOST_BARS) ?? STEPS[5];
}

type Wanted = {
  step: Step;
  spanMs: number;
  toMs: number | null;
  filter: RunFilter;
  functionId: string | null;
};

export function histogramQuery({ api, key }: Where, { step, spanMs, toMs, filter, functionId }: Wanted) {
  const { trigger } = filter;
  const steps = Math.min(Math.max(Math.ceil(spanMs / step.ms), 1), 1_500);
  return queryOptions({
    queryKey: [...key, 'runs', 'histogram', step.name, steps, toMs, trigger, functionId],
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
    queryFn: async (): Promise<Bar[]> => {
      const to = Math.ceil((toMs ?? Date.now()) / step.ms) * step.ms;
      const from = to - steps * step.ms;
      const query = {
        ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), step: step.name },
        ...(functionId === null ? {} : { function_id: functionId }),
        ...(trigger === null ? {} : { trigger }),
      };
      const { data } = await read(api.GET('/metrics/runs', { params: { query } }));
      const runs = new Map(data.map((point) => [Date.parse(point.at), point.runs]));
      return Array.from({ length: steps }, (_, index) => {
        const at = from + index * step.ms;
        const { total = 0, succeeded = 0, cancelled = 0 } = runs.get(at) ?? {};
        return { at, total, bad: total - succeeded - cancelled };
      });
    },
  });
}
