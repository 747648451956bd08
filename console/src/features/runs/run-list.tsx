// A list of runs that lives: new ones come in by themselves, unless it is read or chosen from; then a pill
// says how many wait. Filters are typed, and stand in the address. Called by the pages of runs.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Answered, Empty } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { BulkBar } from './bulk-bar.tsx';
import { FilterLine } from './filter-line.tsx';
import { FoundRuns } from './found-runs.tsx';
import { RunHistogram } from './run-histogram.tsx';
import { functionNames } from './run-requests.ts';
import { filterOf, type RunFilter } from './run-search.ts';
import { RunTable } from './run-table.tsx';
import { useRunList } from './use-run-list.ts';
import './runs.css';

type Props = { typed: string; onType: (typed: string) => void; functionId: string | null };

/** From here on one reads: the list must not move. */
const READING_PX = 40;

export function RunList({ typed, onType, functionId }: Props) {
  const filter = filterOf(typed);
  const names = useQuery(functionNames(useWhere()));
  const named = functionId ?? idOf(filter.fn, names.data);
  const isReady = filter.fn === null || names.isSuccess;
  const shared = { filter, functionId: named, names: functionId === null ? (names.data ?? new Map()) : null };
  return (
    <>
      <FilterLine typed={typed} onType={onType} hasFunction={functionId !== null} />
      {isReady ? <RunHistogram filter={filter} functionId={named} typed={typed} onType={onType} /> : null}
      {filter.text === '' ? (
        <LiveRuns key={typed} {...shared} isEnabled={isReady} isFiltered={typed !== ''} />
      ) : (
        <FoundRuns key={typed} {...shared} isEnabled={isReady} />
      )}
    </>
  );
}

function idOf(fn: string | null, names: ReadonlyMap<string, string> | undefined): string | null {
  if (fn === null) return null;
  const entries = [...(names ?? [])];
  const small = fn.toLowerCase();
  const found =
    entries.find(([id, name]) => id === fn || name.toLowerCase() === small) ??
    entries.find(([, name]) => name.toLowerCase().includes(small));
  return found?.[0] ?? fn;
}

type LiveProps = {
  filter: RunFilter;
  functionId: string | null;
  names: ReadonlyMap<string, string> | null;
  isEnabled: boolean;
  isFiltered: boolean;
};

function LiveRuns({ filter, functionId, names, isEnabled, isFiltered }: LiveProps) {
  const { pages, shown, waiting, take, isLive, taken } = useRunList({
    ...{ where: useWhere(), filter, functionId, isEnabled },
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const choose = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const top = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits is what is taken, unless one reads
  useEffect(() => {
    const isReading =
      chosen.size > 0 || scrollY > READING_PX || (top.current?.contains(document.activeElement) ?? false);
    if (waiting.length > 0 && !isReading) take();
  }, [waiting]);
  return (
    <Answered query={pages} lines={12}>
      {() =>
        shown.length === 0 && waiting.length === 0 && !pages.hasNextPage ? (
          <Empty title={t(isFiltered ? 'runs.noneSuch' : 'runs.none')}>
            <span className="quiet">{t(isFiltered ? 'runs.noneSuchNext' : 'runs.noneNext')}</span>
          </Empty>
        ) : (
          <>
            <BulkBar {...{ runs: shown, chosen, filter, functionId }} onDone={() => setChosen(new Set())} />
            {isLive ? null : <p className="notice warn bulk">{t('runs.lost')}</p>}
            <div aria-live="polite">
              {waiting.length === 0 ? null : (
                <button
                  type="button"
                  className="button pill"
                  onClick={() => {
                    take();
                    scrollTo({ top: 0 });
                  }}
                >
                  {t('runs.new', { count: waiting.length })}
                </button>
              )}
            </div>
            <div ref={top}>
              <RunTable
                {...{ runs: shown, names, chosen, onChoose: choose, fresh: taken }}
                onEnd={
                  pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : null
                }
              />
            </div>
            <p className="quiet end" role="status">
              {t(pages.hasNextPage ? 'runs.loading' : 'runs.all', { count: shown.length })}
            </p>
          </>
        )
      }
    </Answered>
  );
}
