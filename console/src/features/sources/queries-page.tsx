// Queries of the account: when each runs, its latest result as a table, and once more on demand.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { read } from '../../api/millrace.ts';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { executionsQuery, queriesQuery, type SavedQuery } from './source-requests.ts';
import { SourceTabs } from './source-tabs.tsx';

export function QueriesPage() {
  const query = useQuery(queriesQuery(useWhere()));
  return (
    <Page title={t('room.sources')} sentence={t('queries.sentence')}>
      <SourceTabs />
      <Answered query={query}>
        {(saved) =>
          saved.length === 0 ? (
            <Empty title={t('queries.none')}>
              <span className="quiet">{t('queries.noneNext')}</span>
            </Empty>
          ) : (
            saved.map((one) => <OneQuery key={one.id} saved={one} />)
          )
        }
      </Answered>
    </Page>
  );
}

function OneQuery({ saved }: { saved: SavedQuery }) {
  const where = useWhere();
  const { id } = saved;
  const executions = useQuery(executionsQuery(where, id));
  const queries = useQueryClient();
  const mayRun = useMay('queries', 'update');
  const run = useMutation({
    mutationFn: () => read(where.api.POST('/queries/{id}/run', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: executionsQuery(where, id).queryKey }),
  });
  const [latest] = executions.data ?? [];
  return (
    <section className="query">
      <div className="row">
        <h2>{saved.name}</h2>
        <span className="quiet grow">
          {t('queries.of', { kind: saved.source.kind })}
          {latest === undefined ? '' : ` · ${t(`queries.status.${latest.status}`)} `}
          {latest === undefined ? null : <When at={latest.at} />}
        </span>
        {mayRun ? (
          <button
            type="button"
            className="button"
            disabled={run.isPending || latest?.status === 'queued'}
            onClick={() => run.mutate()}
          >
            {t('queries.run')}
          </button>
        ) : null}
      </div>
      <Wrong error={run.error ?? executions.error} />
      {latest?.error == null ? null : <p className="notice bad">{latest.error}</p>}
      <Results rows={(latest?.query_results ?? []) as Record<string, unknown>[]} />
      {latest?.is_truncated ? <p className="quiet">{t('queries.cut')}</p> : null}
    </section>
  );
}

function Results({ rows }: { rows: readonly Record<string, unknown>[] }) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (rows.length === 0) return <p className="quiet">{t('queries.noResult')}</p>;
  return (
    <Table columns={columns.map((text) => ({ text }))}>
      {rows.map((row) => (
        <tr key={JSON.stringify(row)}>
          {columns.map((name) => (
            <td key={name} className="mono">
              {shown(row[name])}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

function shown(value: unknown): string {
  return value === null || value === undefined
    ? '–'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
