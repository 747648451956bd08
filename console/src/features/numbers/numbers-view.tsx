// Numbers over a range: runs and failures, durations, waits, cold starts, memory. A range is chosen by a
// button or by dragging over a chart; versions that went live are marked. Called by the pages of a function
// and of the account.
import { useQuery } from '@tanstack/react-query';
import { absolute, bytesText, tookText } from '../../design/moment.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { currentLocale, t } from '../../texts/translate.ts';
import { Chart, type Series } from './chart.tsx';
import { type Deploy, deploysQuery, type Numbers, numbersQuery } from './numbers-requests.ts';
import { RANGES, type Range, type RangeSearch } from './ranges.ts';
import './numbers.css';

const NAMES = Object.keys(RANGES) as Range[];

type Props = {
  /** null: of the whole account. */
  functionId: string | null;
  search: RangeSearch;
  onSearch: (search: RangeSearch) => void;
};
type Point = Numbers['points'][number];

export function NumbersView({ functionId, search, onSearch }: Props) {
  const where = useWhere();
  const query = useQuery(numbersQuery(where, functionId, search));
  const deploys = useQuery(deploysQuery(where, functionId)).data ?? [];
  const { from, to } = search;
  const isOwn = from !== undefined && to !== undefined;
  return (
    <>
      <fieldset className="ranges">
        <legend className="unseen">{t('numbers.range')}</legend>
        {NAMES.map((one) => (
          <button
            key={one}
            type="button"
            className="button"
            aria-pressed={!isOwn && one === (search.range ?? '24h')}
            onClick={() => onSearch({ range: one })}
          >
            {t(`numbers.range.${one}`)}
          </button>
        ))}
        <span className="quiet" role="status">
          {isOwn
            ? `${absolute(new Date(from * 1_000))} – ${absolute(new Date(to * 1_000))}`
            : t('numbers.drag')}
        </span>
      </fieldset>
      <Answered query={query}>
        {(numbers) =>
          numbers.points.length === 0 ? (
            <Empty title={t('numbers.none')}>
              <span className="quiet">{t('numbers.noneNext')}</span>
            </Empty>
          ) : (
            <Charts
              numbers={numbers}
              deploys={deploys}
              onRange={(fromMs, toMs) =>
                onSearch({ from: Math.floor(fromMs / 1_000), to: Math.ceil(toMs / 1_000) })
              }
            />
          )
        }
      </Answered>
    </>
  );
}

type ChartsProps = {
  numbers: Numbers;
  deploys: readonly Deploy[];
  onRange: (fromMs: number, toMs: number) => void;
};

const badOf = ({ runs }: Point) => runs.total - runs.succeeded - runs.cancelled;
const MIB = 1_048_576;

function Charts({ numbers: { from, to, stepMs, points }, deploys, onRange }: ChartsProps) {
  const times = Array.from({ length: Math.round((to - from) / stepMs) }, (_, index) => from + index * stepMs);
  const byTime = new Map(points.map((point) => [Date.parse(point.at), point]));
  const each = (value: (point: Point) => number | null, none: number | null) =>
    times.map((at) => {
      const point = byTime.get(at);
      return point === undefined ? none : value(point);
    });
  const marks = deploys.filter(({ at }) => at >= from && at < to);
  const shared = { times, marks, onRange };
  const runs: Series[] = [
    { name: t('numbers.runs'), colour: '--bar', values: each((point) => point.runs.total, 0) },
    { name: t('numbers.failed'), colour: '--bad-fill', values: each(badOf, 0) },
  ];
  const durations: Series[] = (['p50', 'p95', 'p99'] as const).map((name, index) => ({
    name,
    colour: ['--bar', '--accent', '--ink'][index] ?? '--ink',
    values: each((point) => point.duration_ms?.[name] ?? null, null),
  }));
  const waits: Series[] = [
    { name: t('numbers.wait'), colour: '--bar', values: each((point) => point.wait_ms?.mean ?? null, null) },
    { name: t('numbers.init'), colour: '--accent', values: each((point) => point.init_ms, null) },
  ];
  const memory: Series[] = [
    {
      ...{ name: t('run.memory'), colour: '--accent' },
      values: each(({ memory_peak_bytes: bytes }) => (bytes === null ? null : Math.round(bytes / MIB)), null),
    },
  ];
  return (
    <>
      <Facts points={points} />
      <Chart {...shared} title={t('numbers.runsFailed')} series={runs} isBars unit="" />
      <Chart {...shared} title={t('numbers.durations')} series={durations} isBars={false} unit="ms" />
      <Chart {...shared} title={t('numbers.waits')} series={waits} isBars={false} unit="ms" />
      <Chart {...shared} title={t('run.memory')} series={memory} isBars={false} unit="MB" />
      {marks.length === 0 ? null : (
        <p className="quiet">
          {t('numbers.deploys')}{' '}
          {marks.map(({ version, at }) => `${version} (${absolute(new Date(at))})`).join(', ')}
        </p>
      )}
    </>
  );
}

function Facts({ points }: { points: readonly Point[] }) {
  const sum = (of: (point: Point) => number) => points.reduce((all, point) => all + of(point), 0);
  const most = (of: (point: Point) => number) => Math.max(...points.map(of));
  const number = new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: 1 });
  const total = sum(({ runs }) => runs.total);
  const bad = sum(badOf);
  const facts = [
    [t('numbers.runs'), number.format(total)],
    [t('numbers.failed'), `${number.format(bad)} (${Math.round((100 * bad) / Math.max(total, 1))} %)`],
    [t('numbers.cold'), number.format(sum((point) => point.cold_starts))],
    [t('numbers.worst'), tookText(most((point) => point.duration_ms?.p95 ?? 0))],
    [t('usage.seconds'), number.format(sum((point) => point.execution_seconds))],
    [t('run.memory'), bytesText(most((point) => point.memory_peak_bytes ?? 0))],
  ] as const;
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
