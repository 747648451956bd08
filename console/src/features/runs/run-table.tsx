// Rows of runs: status, function, what happened, cause, how long, when. A row is one link. Only the rows in
// sight are drawn, of however many there are. Called by lists.
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { tookText, When } from '../../design/moment.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import type { Run } from './run-requests.ts';
import { RunStatusMark } from './run-status.tsx';

type Props = {
  runs: readonly Run[];
  /** Names by id; null: the function is known already. */
  names: ReadonlyMap<string, string> | null;
  chosen?: ReadonlySet<string>;
  onChoose?: (id: string) => void;
  fresh?: ReadonlySet<string>;
  /** Below a run, in the same cell as what happened. */
  under?: (run: Run) => React.ReactNode;
  /** Called near the end of what there is; null: there is no more, or more is on its way. */
  onEnd?: (() => void) | null;
};

const ROW_PX = 33;
const OVERSCAN = 20;

export function RunTable({ runs, names, chosen, onChoose, fresh, under, onEnd = null }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [topPx, setTop] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands above may have come or gone
  useEffect(() => {
    setTop((body.current?.getBoundingClientRect().top ?? 0) + scrollY);
  }, [runs.length]);
  const rows = useWindowVirtualizer({
    ...{ count: runs.length, overscan: OVERSCAN, scrollMargin: topPx },
    estimateSize: () => ROW_PX,
    getItemKey: (index) => runs[index]?.id ?? index,
  });
  const drawn = rows.getVirtualItems();
  const [first, last] = [drawn[0], drawn.at(-1)];
  const isNearEnd = last === undefined || last.index >= runs.length - OVERSCAN;
  useEffect(() => {
    if (isNearEnd) onEnd?.();
  }, [isNearEnd, onEnd]);
  return (
    <div className="table-wrap">
      <table className="table linked runs-table" aria-rowcount={runs.length + 1}>
        <thead>
          <tr>
            {onChoose === undefined ? null : (
              <th className="wide-only column-choose">
                <span className="unseen">{t('runs.choose')}</span>
              </th>
            )}
            <th className="column-status">{t('runs.status')}</th>
            {names === null ? null : <th className="column-function">{t('runs.function')}</th>}
            <th className="wide-only">{t('runs.happened')}</th>
            <th className="wide-only column-cause">{t('runs.cause')}</th>
            <th className="number wide-only column-took">{t('runs.took')}</th>
            <th className="number column-started">{t('runs.started')}</th>
          </tr>
        </thead>
        <tbody ref={body}>
          <Gap px={first === undefined ? 0 : first.start - topPx} />
          {drawn.map(({ index }) => {
            const run = runs[index] as Run;
            return (
              <tr
                key={run.id}
                data-index={index}
                ref={rows.measureElement}
                aria-rowindex={index + 2}
                className={fresh?.has(run.id) ? 'fresh' : undefined}
              >
                {onChoose === undefined ? null : (
                  <td className="wide-only">
                    <input
                      type="checkbox"
                      className="above"
                      aria-label={t('runs.chooseOne', { id: run.id.slice(-8) })}
                      checked={chosen?.has(run.id) === true}
                      onChange={() => onChoose(run.id)}
                    />
                  </td>
                )}
                <RunCells run={run} names={names} under={under?.(run)} />
              </tr>
            );
          })}
          <Gap px={last === undefined ? 0 : rows.getTotalSize() + topPx - last.end} />
        </tbody>
      </table>
    </div>
  );
}

/** Rows that are not in sight. */
function Gap({ px }: { px: number }) {
  return px <= 0 ? null : (
    <tr className="gap">
      <td style={{ height: px }} />
    </tr>
  );
}

type CellsProps = { run: Run; names: Props['names']; under: React.ReactNode };

function RunCells({ run, names, under }: CellsProps) {
  const { account, mode } = useWhere();
  return (
    <>
      <td>
        <Link
          data-row
          className="row-link"
          to="/$account/$mode/runs/$run"
          params={{ account, mode, run: run.id }}
        >
          <RunStatusMark status={run.status} />
        </Link>
      </td>
      {names === null ? null : (
        <td className="strong name">{names.get(run.function_id) ?? t('runs.functionGone')}</td>
      )}
      <td className="one-line quiet wide-only" title={run.error?.message}>
        {happened(run)}
        {under}
      </td>
      <td className="one-line quiet wide-only">
        {causeText(run)}
        {run.test ? <span className="tag">{t('runs.trial')}</span> : null}
        {run.replay_of === null ? null : <span className="tag">{t('runs.replayed')}</span>}
      </td>
      <td className="number mono wide-only">{tookText(run.duration_ms)}</td>
      <td className="number nowrap">
        <When at={run.created_at} />
      </td>
    </>
  );
}

function happened(run: Run): string {
  if (run.error !== null) return `${run.error.type}: ${run.error.message.split('\n')[0]}`;
  if (run.held) return t('runs.held');
  return '';
}

export function causeText({ trigger, cause }: Run): string {
  const kind = triggerText(trigger);
  const { method, notation, cron } = cause as Record<string, string | undefined>;
  return [kind, notation ?? cron ?? method].filter((one) => one !== undefined).join(' · ');
}

const KNOWN = [
  'http',
  'account_event',
  'webhook',
  'function_url',
  'schedule',
  'subscription',
  'flow',
  'email_template',
  'auto_query',
  'payment_profile',
  'ai_assistant',
  'api_direct',
] as const;

function triggerText(kind: string): string {
  const known = KNOWN.find((one) => one === kind);
  return known === undefined ? kind : t(`trigger.${known}`);
}
