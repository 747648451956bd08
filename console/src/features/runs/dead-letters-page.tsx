// Runs whose retries are spent, until they are run again or discarded: all that the filter finds, or chosen
// ones.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { VersionChoice } from './bulk-bar.tsx';
import { type Asked, BulkJob } from './bulk-job.tsx';
import { discardJob, redriveJob, type Selection, type Version } from './bulk-requests.ts';
import { type DeadSearch, deadLettersQuery, LETTER_STATES } from './dead-letter-requests.ts';
import { functionNames } from './run-requests.ts';
import { RunTable } from './run-table.tsx';
import { RunTabs } from './run-tabs.tsx';
import './runs.css';

const HERE = '/$account/$mode/runs/dead-letters';

export function DeadLettersPage() {
  const where = useWhere();
  const search = useSearch({ from: HERE });
  const query = useInfiniteQuery(deadLettersQuery(where, search));
  const names = useQuery(functionNames(where));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const choose = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const isOpen = (search.state ?? 'open') === 'open';
  return (
    <Page title={t('room.runs')} sentence={t('dead.sentence')}>
      <RunTabs />
      <Choices names={names.data ?? new Map()} />
      <Answered query={query}>
        {({ pages }) => {
          const runs = pages.flatMap(({ data }) => data);
          if (runs.length === 0)
            return (
              <Empty title={t(isOpen ? 'dead.none' : 'runs.noneSuch')}>
                <span className="quiet">{t('dead.noneNext')}</span>
              </Empty>
            );
          return (
            <>
              {isOpen ? (
                <LetterBar
                  chosen={chosen}
                  search={search}
                  onDone={() => {
                    setChosen(new Set());
                    void query.refetch();
                  }}
                />
              ) : null}
              <RunTable
                {...{ runs, names: names.data ?? new Map() }}
                {...(isOpen ? { chosen, onChoose: choose } : {})}
                onEnd={
                  query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : null
                }
              />
            </>
          );
        }}
      </Answered>
    </Page>
  );
}

function Choices({ names }: { names: ReadonlyMap<string, string> }) {
  const { fn = '', state = 'open' } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  return (
    <div className="filter">
      <select
        data-filter
        className="input"
        aria-label={t('runs.function')}
        value={fn}
        onChange={({ target }) =>
          void navigate({ search: { state, ...(target.value === '' ? {} : { fn: target.value }) } })
        }
      >
        <option value="">{t('dead.everyFunction')}</option>
        {[...names].map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('dead.state')}
        value={state}
        onChange={({ target }) =>
          void navigate({
            search: { ...(fn === '' ? {} : { fn }), state: target.value as (typeof LETTER_STATES)[number] },
          })
        }
      >
        {LETTER_STATES.map((one) => (
          <option key={one} value={one}>
            {t(`dead.state.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

type BarProps = { chosen: ReadonlySet<string>; search: DeadSearch; onDone: () => void };

function LetterBar({ chosen, search, onDone }: BarProps) {
  const where = useWhere();
  const mayRedrive = useMay('function_runs', 'create');
  const mayDiscard = useMay('function_runs', 'update');
  const [version, setVersion] = useState<Version>('active');
  const [asked, setAsked] = useState<Asked | null>(null);
  if (asked !== null)
    return (
      <BulkJob
        asked={asked}
        onOver={() => {
          setAsked(null);
          onDone();
        }}
      />
    );
  const isAll = chosen.size === 0;
  const selection: Selection = isAll
    ? { ...(search.fn === undefined ? {} : { function_id: search.fn }) }
    : { run_ids: [...chosen] };
  const redrive = () => setAsked({ name: t('dead.redrive'), job: redriveJob(where, selection, version) });
  const discard = () => setAsked({ name: t('dead.discard'), job: discardJob(where, selection) });
  return (
    <div className="notice bulk">
      <span>{isAll ? t('dead.allOfThem') : t('bulk.chosen', { count: chosen.size })}</span>
      {mayRedrive ? (
        <>
          <button type="button" className="button" onClick={redrive}>
            {t(isAll ? 'dead.redriveAll' : 'dead.redrive')}
          </button>
          <VersionChoice version={version} onChoose={setVersion} />
        </>
      ) : null}
      {mayDiscard ? (
        <button type="button" className="button danger" onClick={discard}>
          {t(isAll ? 'dead.discardAll' : 'dead.discard')}
        </button>
      ) : null}
    </div>
  );
}
