// Runs over time, and how many of them went wrong. Dragging over it narrows the list to that time; the same
// can be typed as `from:` and `to:`. Called by run-list.tsx.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { absolute } from '../../design/moment.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type Bar, histogramQuery, stepOf } from './histogram-requests.ts';
import { type RunFilter, spanOf, withFilter } from './run-search.ts';

type Props = {
  filter: RunFilter;
  functionId: string | null;
  typed: string;
  onType: (typed: string) => void;
};

const DAY_MS = 86_400_000;

export function RunHistogram({ filter, functionId, typed, onType }: Props) {
  const span = spanOf(filter, Date.now());
  const spanMs = (span.toMs ?? Date.now()) - (span.fromMs ?? Date.now() - DAY_MS);
  const step = stepOf(Math.max(spanMs, 1));
  const query = useQuery(histogramQuery(useWhere(), { step, spanMs, toMs: span.toMs, filter, functionId }));
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const bars = query.data ?? [];
  const most = Math.max(...bars.map(({ total }) => total), 1);
  const total = bars.reduce((sum, bar) => sum + bar.total, 0);
  const bad = bars.reduce((sum, bar) => sum + bar.bad, 0);
  const choose = () => {
    if (drag === null) return;
    const [low, high] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    setDrag(null);
    const [first, last] = [bars[low], bars[high]];
    if (first === undefined || last === undefined) return;
    const without = withFilter(typed, 'since', null);
    const from = withFilter(without, 'from', iso(first.at));
    onType(withFilter(from, 'to', iso(last.at + step.ms)));
  };
  const isIn = (index: number) =>
    drag !== null && index >= Math.min(drag.from, drag.to) && index <= Math.max(drag.from, drag.to);
  if (query.isSuccess && total === 0) return null;
  return (
    <figure className="histogram">
      <div
        className="bars"
        role="img"
        aria-label={t('runs.histogram', { count: total, bad })}
        onPointerUp={choose}
        onPointerLeave={() => setDrag(null)}
      >
        {bars.map((bar, index) => (
          <span
            key={bar.at}
            className={isIn(index) ? 'bar in' : 'bar'}
            title={titleOf(bar)}
            onPointerDown={(event) => {
              event.currentTarget.releasePointerCapture(event.pointerId);
              setDrag({ from: index, to: index });
            }}
            onPointerEnter={() => drag !== null && setDrag({ ...drag, to: index })}
          >
            <i style={{ height: `${(100 * bar.total) / most}%` }}>
              <b style={{ height: bar.total === 0 ? 0 : `${(100 * bar.bad) / bar.total}%` }} />
            </i>
          </span>
        ))}
      </div>
      <figcaption className="row quiet">
        <span>{t('runs.histogram', { count: total, bad })}</span>
        {filter.from === null && filter.to === null ? (
          <span className="wide-only">{t('runs.drag')}</span>
        ) : (
          <button
            type="button"
            className="button plain"
            onClick={() => onType(withFilter(withFilter(typed, 'from', null), 'to', null))}
          >
            {t('runs.everyTime')}
          </button>
        )}
      </figcaption>
    </figure>
  );
}

function titleOf({ at, total, bad }: Bar): string {
  return t('overview.hour', { at: absolute(new Date(at)), count: total, bad });
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
