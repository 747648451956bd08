// Two runs side by side: what differs between them stands out, then their inputs, outputs and logs line by
// line.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { loadLazily } from '../../design/load-lazily.ts';
import { absolute, bytesText, tookText } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Loading } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { functionNames, inputQuery, type Run, resultQuery, runQuery } from './run-requests.ts';
import { causeText } from './run-table.tsx';
import { textOfLine, useRunLog } from './use-run-log.ts';
import './runs.css';

const CodeDifference = loadLazily(() =>
  import('../../design/code-editor.tsx').then((loaded) => loaded.CodeDifference),
);

export function ComparePage() {
  const { run, other } = useParams({ from: '/$account/$mode/runs/$run/compare/$other' });
  const where = useWhere();
  const first = useQuery(runQuery(where, run));
  const second = useQuery(runQuery(where, other));
  return (
    <Answered isPage query={first}>
      {(one) => (
        <Answered isPage query={second}>
          {(two) => <Both first={one} second={two} />}
        </Answered>
      )}
    </Answered>
  );
}

type Pair = { first: Run; second: Run };

function Both({ first, second }: Pair) {
  const where = useWhere();
  const { account, mode } = where;
  const names = useQuery(functionNames(where)).data;
  const facts: [string, (run: Run) => string][] = [
    [t('runs.status'), (run) => t(`status.${run.status}`)],
    [t('runs.function'), (run) => names?.get(run.function_id) ?? run.function_id],
    [t('versions.version'), (run) => String(run.version)],
    [t('runs.happened'), (run) => (run.error === null ? '–' : `${run.error.type}: ${run.error.message}`)],
    [t('runs.cause'), causeText],
    [t('runs.took'), (run) => tookText(run.duration_ms)],
    [t('run.cold'), (run) => tookText(run.init_ms)],
    [t('run.memory'), (run) => bytesText(run.memory_peak_bytes)],
    [t('run.attempts'), (run) => String(run.attempts)],
    [t('run.engine'), (run) => run.engine ?? '–'],
    [t('runs.started'), (run) => absolute(run.created_at)],
  ];
  return (
    <Page title={t('compare.title')} sentence={t('compare.sentence')}>
      <div className="table-wrap">
        <table className="table compare-table">
          <thead>
            <tr>
              <th>
                <span className="unseen">{t('compare.fact')}</span>
              </th>
              {[first, second].map((run) => (
                <th key={run.id} className="one-line">
                  <Link
                    className="mono"
                    to="/$account/$mode/runs/$run"
                    params={{ account, mode, run: run.id }}
                  >
                    {run.id}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {facts.map(([name, of]) => (
              <tr key={name} className={of(first) === of(second) ? undefined : 'differs'}>
                <th scope="row" className="wraps">
                  {name}
                </th>
                <td>{of(first)}</td>
                <td>{of(second)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Inputs first={first} second={second} />
      <Outputs first={first} second={second} />
      <Logs first={first} second={second} />
    </Page>
  );
}

function Inputs({ first, second }: Pair) {
  const where = useWhere();
  const [one, two] = [useQuery(inputQuery(where, first.id)), useQuery(inputQuery(where, second.id))];
  if (one.data === undefined || two.data === undefined) return <Loading lines={3} />;
  return (
    <Difference title={t('run.tab.input')} path="input.json" before={json(one.data)} after={json(two.data)} />
  );
}

function Outputs({ first, second }: Pair) {
  const where = useWhere();
  const [one, two] = [useQuery(resultQuery(where, first)), useQuery(resultQuery(where, second))];
  if (one.data === undefined || two.data === undefined) return <Loading lines={3} />;
  const [before, after] = [json(one.data?.result ?? null), json(two.data?.result ?? null)];
  return <Difference title={t('run.tab.output')} path="output.json" before={before} after={after} />;
}

function Logs({ first, second }: Pair) {
  const where = useWhere();
  const [one, two] = [useRunLog(where, first), useRunLog(where, second)];
  const textOf = ({ lines }: typeof one) =>
    lines
      .filter(({ stream }) => stream !== 'platform')
      .map((line) => textOfLine(line).text)
      .join('\n');
  return <Difference title={t('run.tab.log')} path="log.txt" before={textOf(one)} after={textOf(two)} />;
}

type DifferenceProps = { title: string; path: string; before: string; after: string };

function Difference({ title, path, before, after }: DifferenceProps) {
  return (
    <section className="group-part">
      <h2>{title}</h2>
      {before === after ? (
        <p className="quiet">{t('compare.same')}</p>
      ) : (
        <div className="compare-code">
          <Suspense fallback={<Loading lines={4} />}>
            <CodeDifference path={path} before={before} after={after} />
          </Suspense>
        </div>
      )}
    </section>
  );
}

function json(value: unknown): string {
  return value === null ? '' : JSON.stringify(value, null, 2);
}
