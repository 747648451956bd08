// A function in numbers: runs and failures, durations, cold starts, over a range that is in the address.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { read } from '../../api/millrace.ts';
import { tookText } from '../../design/moment.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { Chart, type Series } from './chart.tsx';
import { RANGES, type Range } from './ranges.ts';
import './numbers.css';

const HERE = '/$account/$mode/functions/$id/numbers';
const NAMES = Object.keys(RANGES) as Range[];

type Point = {
  at: string;
  runs: { total: number; succeeded?: number; cancelled?: number };
  duration_ms: { p50: number; p95: number; p99: number } | null;
  wait_ms: { mean: number } | null;
  cold_starts: number;
  attempts: number;
  memory_peak_bytes: number | null;
};

export function NumbersPage() {
  const { id } = useParams({ from: HERE });
  const { range = '24h' } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const { api, key } = useWhere();
  const { spanMs, step, stepMs } = RANGES[range];
  const query = useQuery({
    queryKey: [...key, 'function', id, 'numbers', range],
    refetchInterval: 15_000,
    queryFn: async () => {
      const to = (Math.floor(Date.now() / stepMs) + 1) * stepMs;
      const from = to - spanMs;
      const { data } = await read(
        api.GET('/metrics/runs', {
          params: {
            query: {
              from: new Date(from).toISOString(),
              to: new Date(to).toISOString(),
              step,
              function_id: id,
            },
          },
        }),
      );
      return { from, to, points: data as Point[] };
    },
  });
  return (
    <div className="pane">
      <fieldset className="ranges">
        <legend className="unseen">{t('numbers.range')}</legend>
        {NAMES.map((one) => (
          <button
            key={one}
            type="button"
            className="button"
            aria-pressed={one === range}
            onClick={() => void navigate({ search: { range: one } })}
          >
            {t(`numbers.range.${one}`)}
          </button>
        ))}
      </fieldset>
      <Answered query={query}>
        {({ from, to, points }) =>
          points.length === 0 ? (
            <Empty title={t('numbers.none')}>
              <span className="quiet">{t('numbers.noneNext')}</span>
            </Empty>
          ) : (
            <Charts from={from} to={to} stepMs={stepMs} points={points} />
          )
        }
      </Answered>
    </div>
  );
}

type ChartsProps = { from: number; to: number; stepMs: number; points: readonly Point[] };

function Charts({ from, to, stepMs, points }: ChartsProps) {
  const times = Array.from({ length: Math.round((to - from) / stepMs) }, (_, index) => from + index * stepMs);
  const byTime = new Map(points.map((point) => [Date.parse(point.at), point]));
  const each = (value: (point: Point) => number | null, none: number | null) =>
    times.map((at) => {
      const point = byTime.get(at);
      return point === undefined ? none : value(point);
    });
  const badOf = ({ runs }: Point) => runs.total - (runs.succeeded ?? 0) - (runs.cancelled ?? 0);
  const total = points.reduce((sum, point) => sum + point.runs.total, 0);
  const bad = points.reduce((sum, point) => sum + badOf(point), 0);
  const cold = points.reduce((sum, point) => sum + point.cold_starts, 0);
  const runs: Series[] = [
    { name: t('numbers.runs'), colour: '--bar', values: each((point) => point.runs.total, 0) },
    { name: t('numbers.failed'), colour: '--bad-fill', values: each(badOf, 0) },
  ];
  const durations: Series[] = (['p50', 'p95', 'p99'] as const).map((name, index) => ({
    name,
    colour: ['--bar', '--accent', '--ink'][index] ?? '--ink',
    values: each((point) => point.duration_ms?.[name] ?? null, null),
  }));
  const starts: Series[] = [
    { name: t('numbers.cold'), colour: '--accent', values: each((point) => point.cold_starts, 0) },
  ];
  return (
    <>
      <dl className="facts">
        <Fact name={t('numbers.runs')}>{total}</Fact>
        <Fact name={t('numbers.failed')}>
          {bad} ({Math.round((100 * bad) / Math.max(total, 1))} %)
        </Fact>
        <Fact name={t('numbers.cold')}>{cold}</Fact>
        <Fact name={t('numbers.worst')}>
          {tookText(Math.max(...points.map((point) => point.duration_ms?.p95 ?? 0)))}
        </Fact>
      </dl>
      <Chart title={t('numbers.runsFailed')} times={times} series={runs} isBars unit="" />
      <Chart title={t('numbers.durations')} times={times} series={durations} isBars={false} unit="ms" />
      <Chart title={t('numbers.cold')} times={times} series={starts} isBars unit="" />
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
