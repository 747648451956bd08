// A list of runs that lives: new ones come in by themselves, unless it is read or chosen from; then a pill
// says how many wait. Filters are typed, and stand in the address. Called by the pages of runs.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Answered, Empty } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { BulkReplay } from './bulk-replay.tsx';
import { FilterLine } from './filter-line.tsx';
import { functionNames, type Run, runsQuery } from './run-requests.ts';
import { filterOf } from './run-search.ts';
import { RunTable } from './run-table.tsx';
import './runs.css';

type Props = { typed: string; onType: (typed: string) => void; functionId: string | null };
type Listed = { runs: Run[]; hasMore: boolean };

/** From here on somebody reads: the list must not move. */
const READING_PX = 40;

export function RunList({ typed, onType, functionId }: Props) {
  const where = useWhere();
  const filter = filterOf(typed);
  const names = useQuery(functionNames(where));
  const named = functionId ?? idOf(filter.fn, names.data);
  const query = useQuery({
    ...runsQuery(where, filter, named),
    enabled: filter.fn === null || names.isSuccess,
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const choose = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <>
      <FilterLine typed={typed} onType={onType} hasFunction={functionId !== null} />
      <Answered query={query} lines={12}>
        {(listed) =>
          listed.runs.length === 0 ? (
            <Empty title={t(typed === '' ? 'runs.none' : 'runs.noneSuch')}>
              <span className="quiet">{t(typed === '' ? 'runs.noneNext' : 'runs.noneSuchNext')}</span>
            </Empty>
          ) : (
            <>
              <BulkReplay
                runs={listed.runs}
                chosen={chosen}
                filter={filter}
                functionId={named}
                onDone={() => setChosen(new Set())}
              />
              <LiveTable
                key={typed}
                listed={listed}
                names={functionId === null ? (names.data ?? new Map()) : null}
                chosen={chosen}
                onChoose={choose}
              />
            </>
          )
        }
      </Answered>
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
  listed: Listed;
  names: ReadonlyMap<string, string> | null;
  chosen: ReadonlySet<string>;
  onChoose: (id: string) => void;
};

function LiveTable({ listed, names, chosen, onChoose }: LiveProps) {
  const [shown, setShown] = useState(listed.runs);
  const top = useRef<HTMLDivElement>(null);
  const known = new Set(shown.map((run) => run.id));
  const waiting = listed.runs.filter((run) => !known.has(run.id));
  const isReading = () =>
    chosen.size > 0 || scrollY > READING_PX || (top.current?.contains(document.activeElement) ?? false);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const take = () => {
    setFresh(new Set(waiting.map((run) => run.id)));
    setShown(listed.runs);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is listed is what changes
  useEffect(() => {
    if (!isReading()) return take();
    // What is shown goes on to say how it is; only new rows wait.
    const newer = new Map(listed.runs.map((run) => [run.id, run]));
    setShown((was) => was.map((run) => newer.get(run.id) ?? run));
  }, [listed]);
  return (
    <div ref={top}>
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
      <RunTable runs={shown} names={names} chosen={chosen} onChoose={onChoose} fresh={fresh} />
      {listed.hasMore ? <p className="quiet end">{t('runs.more')}</p> : null}
    </div>
  );
}
