// One flow as a graph, and what goes through it; the way of the chosen one is drawn. Which one stands in the
// address.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { read } from '../../api/millrace.ts';
import { When } from '../../design/moment.tsx';
import { MoreButton } from '../../design/more-button.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { StatusMark, type Tone } from '../../design/status-mark.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { FlowGraph } from './flow-graph.tsx';
import {
  type Flow,
  type FlowRun,
  flowQuery,
  flowRunQuery,
  flowRunsQuery,
  functionNamesQuery,
} from './source-requests.ts';
import './sources.css';

const HERE = '/$account/$mode/sources/flows/$id';
const TONES: Record<FlowRun['status'], Tone> = {
  ...{ going: 'active', completed: 'good', failed: 'bad', cancelled: 'off' },
};

export function FlowPage() {
  const { id } = useParams({ from: HERE });
  const query = useQuery(flowQuery(useWhere(), id));
  return (
    <Answered isPage query={query}>
      {(flow) => <OneFlow flow={flow} />}
    </Answered>
  );
}

function OneFlow({ flow }: { flow: Flow }) {
  const where = useWhere();
  const { run: chosen } = useSearch({ from: HERE });
  const names = useQuery(functionNamesQuery(where)).data ?? new Map<string, string>();
  const run = useQuery({ ...flowRunQuery(where, chosen ?? ''), enabled: chosen !== undefined });
  const way = run.data === undefined ? null : wayOf(run.data);
  return (
    <Page
      title={flow.name}
      heading={
        <>
          {flow.name}{' '}
          <StatusMark tone={flow.enabled ? 'good' : 'off'}>
            {t(flow.enabled ? 'subscriptions.on' : 'subscriptions.off')}
          </StatusMark>
        </>
      }
      sentence={
        <>
          {t('flows.startedBy')} <span className="mono">{flow.starts.join(', ')}</span>
          {flow.description ? ` · ${flow.description}` : ''}
        </>
      }
      actions={<Switch flow={flow} />}
    >
      <FlowGraph nodes={flow.nodes} names={names} way={way} />
      {run.data === undefined ? null : <Way run={run.data} />}
      <FlowRuns flow={flow} chosen={chosen ?? null} />
    </Page>
  );
}

function wayOf({ history, node_id: at }: FlowRun): string[] {
  const nodes = history.map(({ node_id: id }) => id);
  const all = at === null ? nodes : [...nodes, at];
  return all.filter((id, index) => id !== all[index - 1]);
}

function Switch({ flow }: { flow: Flow }) {
  const where = useWhere();
  const queries = useQueryClient();
  const mayChange = useMay('flows', 'update');
  const change = useMutation({
    mutationFn: () =>
      read(
        where.api.PATCH('/flows/{id}', {
          params: { path: { id: flow.id } },
          body: { enabled: !flow.enabled },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...where.key, 'flows'] }),
  });
  if (!mayChange) return null;
  return (
    <>
      <button type="button" className="button" disabled={change.isPending} onClick={() => change.mutate()}>
        {t(flow.enabled ? 'triggers.disable' : 'triggers.enable')}
      </button>
      <Wrong error={change.error} />
    </>
  );
}

function Way({ run }: { run: FlowRun }) {
  return (
    <section className="source-part">
      <h2>{t('flows.way', { item: run.item_id })}</h2>
      <ol className="way">
        {run.history.map((step) => (
          <li key={step.process_id + step.what}>
            <span className="mono">{step.node_id}</span> <span>{step.what}</span>{' '}
            <span className="quiet">
              <When at={step.at} />
            </span>
          </li>
        ))}
      </ol>
      {run.error === null ? null : <p className="bad">{run.error}</p>}
    </section>
  );
}

function FlowRuns({ flow, chosen }: { flow: Flow; chosen: string | null }) {
  const where = useWhere();
  const { account, mode } = where;
  const query = useInfiniteQuery(flowRunsQuery(where, flow.id));
  return (
    <section className="source-part">
      <h2>{t('flows.runs')}</h2>
      <Answered query={query} lines={3}>
        {({ pages }) => {
          const runs = pages.flatMap(({ data }) => data);
          if (runs.length === 0) return <p className="quiet">{t('flows.noRuns')}</p>;
          return (
            <Table
              isLinked
              columns={[
                { text: t('runs.status') },
                { text: t('events.item') },
                { text: t('flows.at'), className: 'wide-only' },
                { text: t('flows.steps'), className: 'number wide-only' },
                { text: t('runs.started'), className: 'number' },
              ]}
            >
              {runs.map((run) => (
                <tr key={run.id} className={run.id === chosen ? 'chosen' : undefined}>
                  <td>
                    <Link
                      data-row
                      className="row-link"
                      to="/$account/$mode/sources/flows/$id"
                      params={{ account, mode, id: flow.id }}
                      search={{ run: run.id }}
                      resetScroll={false}
                      replace
                    >
                      <StatusMark tone={TONES[run.status]}>{t(`flows.status.${run.status}`)}</StatusMark>
                    </Link>
                  </td>
                  <td className="name mono">{run.item_id}</td>
                  <td className="name mono wide-only">{run.node_id ?? '–'}</td>
                  <td className="number mono wide-only">{run.steps}</td>
                  <td className="number nowrap">
                    <When at={run.created_at} />
                  </td>
                </tr>
              ))}
            </Table>
          );
        }}
      </Answered>
      <MoreButton query={query} />
    </section>
  );
}
