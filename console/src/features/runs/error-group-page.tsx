// One group of errors: since when, how often, in which versions, its trend, an example with its place, and
// all its runs, which can be replayed together once it is mended.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { absolute, When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { VersionChoice } from './bulk-bar.tsx';
import { type Asked, BulkJob } from './bulk-job.tsx';
import { redriveJob, replayJob, type Version } from './bulk-requests.ts';
import { errorGroupQuery, groupRunsQuery } from './error-group-requests.ts';
import { functionNames } from './run-requests.ts';
import { RunTable } from './run-table.tsx';
import './runs.css';

const HERE = '/$account/$mode/runs/errors/$group';
const HOUR_MS = 3_600_000;

type Group = Awaited<ReturnType<ReturnType<typeof errorGroupQuery>['queryFn'] & object>>;

export function ErrorGroupPage() {
  const { group: id } = useParams({ from: HERE });
  const { range = '24h' } = useSearch({ from: HERE });
  const query = useQuery(errorGroupQuery(useWhere(), id, range));
  return (
    <Answered isPage query={query} lines={8}>
      {(group) => <OneGroup group={group} />}
    </Answered>
  );
}

function OneGroup({ group }: { group: Group }) {
  const where = useWhere();
  const { account, mode } = where;
  const names = useQuery(functionNames(where));
  const runs = useInfiniteQuery(groupRunsQuery(where, group.id));
  const place = group.example?.frames.find(({ own, file }) => own && file !== null) ?? null;
  const name = names.data?.get(group.function_id) ?? group.function_id;
  return (
    <Page
      title={`${group.type}, ${name}`}
      heading={`${group.type}: ${group.message}`}
      sentence={
        <>
          {t('errors.times', { count: group.count })}{' '}
          <Link to="/$account/$mode/functions/$id" params={{ account, mode, id: group.function_id }}>
            {name}
          </Link>
          , {t('errors.inVersions', { versions: group.versions.join(', ') })} · {t('errors.firstSeen')}{' '}
          <When at={group.first_seen_at} /> · {t('errors.lastSeen')} <When at={group.last_seen_at} />
        </>
      }
    >
      <GroupActions
        group={group}
        place={place === null ? null : { file: place.file ?? '', line: place.line ?? 1 }}
        onDone={() => void runs.refetch()}
      />
      <Trend group={group} />
      {group.example === null ? null : (
        <section className="group-part">
          <h2>{t('errors.example')}</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
          <pre className="code wrap" tabIndex={0}>
            {group.example.stack === '' ? group.example.message : group.example.stack}
          </pre>
        </section>
      )}
      <section className="group-part">
        <h2>{t('room.runs')}</h2>
        <Answered query={runs}>
          {({ pages }) => (
            <RunTable
              runs={pages.flatMap(({ data }) => data)}
              names={null}
              onEnd={runs.hasNextPage && !runs.isFetchingNextPage ? () => void runs.fetchNextPage() : null}
            />
          )}
        </Answered>
      </section>
    </Page>
  );
}

type ActionProps = { group: Group; place: { file: string; line: number } | null; onDone: () => void };

function GroupActions({ group, place, onDone }: ActionProps) {
  const where = useWhere();
  const { account, mode } = where;
  const mayReplay = useMay('function_runs', 'create');
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
  const selection = { error_group: group.id };
  return (
    <div className="row">
      <Link
        className="button primary"
        to="/$account/$mode/functions/$id"
        params={{ account, mode, id: group.function_id }}
        search={{ run: group.last_run_id, ...(place ?? {}) }}
      >
        {t('errors.fix')}
      </Link>
      <Link
        className="button"
        to="/$account/$mode/runs/$run"
        params={{ account, mode, run: group.last_run_id }}
      >
        {t('errors.lastRun')}
      </Link>
      {mayReplay ? (
        <>
          <button
            type="button"
            className="button"
            onClick={() => setAsked({ name: t('bulk.replay'), job: replayJob(where, selection, version) })}
          >
            {t('bulk.replayAll')}
          </button>
          <button
            type="button"
            className="button"
            onClick={() => setAsked({ name: t('dead.redrive'), job: redriveJob(where, selection, version) })}
          >
            {t('errors.redrive')}
          </button>
          <span className="choice">
            <VersionChoice version={version} onChoose={setVersion} />
          </span>
        </>
      ) : null}
    </div>
  );
}

function Trend({ group }: { group: Group }) {
  const from = Date.parse(group.span.from);
  const hours = Math.round((Date.parse(group.span.to) - from) / HOUR_MS);
  const counts = new Map(group.by_hour.map(({ at, count }) => [Date.parse(at), count]));
  const bars = Array.from({ length: hours }, (_, hour) => {
    const at = from + hour * HOUR_MS;
    return { at, count: counts.get(at) ?? 0 };
  });
  const most = Math.max(...bars.map(({ count }) => count), 1);
  return (
    <section className="group-part histogram">
      <h2>{t('errors.trend')}</h2>
      <div className="bars" role="img" aria-label={t('errors.trendOf', { count: group.count, most })}>
        {bars.map(({ at, count }) => (
          <span key={at} className="bar" title={`${absolute(new Date(at))}: ${count}`}>
            <i style={{ height: `${(100 * count) / most}%` }}>
              <b style={{ height: '100%' }} />
            </i>
          </span>
        ))}
      </div>
    </section>
  );
}
