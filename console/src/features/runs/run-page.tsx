// One run: a sentence that says what happened, what can be done, where the time went, and what went in, out
// and wrong. Follows a run that goes on.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { CopyButton } from '../../design/copy-button.tsx';
import { bytesText, tookText, When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { CallsPanel } from './calls-panel.tsx';
import { ErrorPanel } from './error-panel.tsx';
import { LineagePanel } from './lineage-panel.tsx';
import { LogPanel } from './log-panel.tsx';
import { RunActions } from './run-actions.tsx';
import { codeOfVersion, functionNames, inputQuery, type Run, resultQuery, runQuery } from './run-requests.ts';
import { RunStatusMark } from './run-status.tsx';
import { causeText } from './run-table.tsx';
import { placeOf } from './stack-place.ts';
import { Timeline } from './timeline.tsx';
import './runs.css';

export function RunPage() {
  const { run: id } = useParams({ from: '/$account/$mode/runs/$run' });
  const query = useQuery(runQuery(useWhere(), id));
  return (
    <Answered isPage query={query} lines={8}>
      {(run) => <OneRun run={run} />}
    </Answered>
  );
}

function OneRun({ run }: { run: Run }) {
  const where = useWhere();
  const { account, mode } = where;
  const names = useQuery(functionNames(where));
  const code = useQuery({ ...codeOfVersion(where, run), enabled: run.error !== null });
  const files = Object.keys(code.data?.files ?? {});
  const place = run.error === null ? null : placeOf(run.error.stack, files);
  const name = names.data?.get(run.function_id) ?? run.function_id;
  const head =
    run.error === null
      ? null
      : `${run.error.type}${place === null ? '' : ` ${t('run.at')} ${place.file}:${place.line}`}`;
  return (
    <Page
      title={`${name}, ${t(`status.${run.status}`)}`}
      heading={
        <>
          <RunStatusMark status={run.status} />{' '}
          {run.duration_ms === null ? '' : t('run.after', { took: tookText(run.duration_ms) })}
          {head === null ? '' : `: ${head}`}
        </>
      }
      sentence={
        <>
          {run.error === null ? null : <span className="message">{run.error.message.split('\n')[0]}</span>}
          <Link to="/$account/$mode/functions/$id" params={{ account, mode, id: run.function_id }}>
            {name}
          </Link>
          {t('run.started', { version: String(run.version), cause: causeText(run) })}{' '}
          <When at={run.created_at} />
          {run.test ? ` · ${t('runs.trial')}` : ''}
        </>
      }
    >
      <span className="unseen" role="status">
        {t(`status.${run.status}`)}
      </span>
      <RunActions run={run} place={place} />
      <Timeline run={run} />
      <dl className="facts">
        <Fact name={t('run.id')}>
          <span className="mono">{run.id}</span>
        </Fact>
        <Fact name={t('run.trace')}>
          <Link
            className="mono trace"
            to="/$account/$mode/runs"
            params={{ account, mode }}
            search={{ q: `trace:${run.trace_id}` }}
          >
            {run.trace_id}
          </Link>
          <CopyButton text={run.trace_id}>{t('run.copyTrace')}</CopyButton>
        </Fact>
        <Fact name={t('run.memory')}>
          {bytesText(run.memory_peak_bytes)} {t('run.of')} {run.memory_mb} MB
        </Fact>
        <Fact name={t('run.attempts')}>{run.attempts}</Fact>
        <Fact name={t('run.engine')}>{run.engine ?? '–'}</Fact>
        {run.response_status === null ? null : <Fact name={t('run.answered')}>{run.response_status}</Fact>}
      </dl>
      <Panels run={run} />
    </Page>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const TABS = ['error', 'input', 'output', 'log', 'calls', 'lineage'] as const;
type Tab = (typeof TABS)[number];

function Panels({ run }: { run: Run }) {
  const { account, mode } = useWhere();
  const { tab } = useSearch({ from: '/$account/$mode/runs/$run' });
  const tabs = TABS.filter((one) => one !== 'error' || run.error !== null);
  const open: Tab = tabs.find((one) => one === tab) ?? (run.error === null ? 'output' : 'error');
  return (
    <section aria-label={t(`run.tab.${open}`)}>
      <nav className="tabs" aria-label={t('run.parts')}>
        {tabs.map((one) => (
          <Link
            key={one}
            to="/$account/$mode/runs/$run"
            params={{ account, mode, run: run.id }}
            search={{ tab: one }}
            replace
            resetScroll={false}
            activeProps={{}}
            aria-current={one === open ? 'page' : undefined}
          >
            {t(`run.tab.${one}`)}
          </Link>
        ))}
      </nav>
      <div className="panel">
        {open === 'error' ? <ErrorPanel run={run} /> : null}
        {open === 'input' ? <InputPanel run={run} /> : null}
        {open === 'output' ? <OutputPanel run={run} /> : null}
        {open === 'log' ? <LogPanel run={run} /> : null}
        {open === 'calls' ? <CallsPanel run={run} /> : null}
        {open === 'lineage' ? <LineagePanel run={run} /> : null}
      </div>
    </section>
  );
}

function InputPanel({ run }: { run: Run }) {
  const query = useQuery(inputQuery(useWhere(), run.id));
  return (
    <Answered query={query}>
      {(input) => (input === null ? <p className="quiet">{t('run.noInput')}</p> : <Json value={input} />)}
    </Answered>
  );
}

function OutputPanel({ run }: { run: Run }) {
  const query = useQuery(resultQuery(useWhere(), run));
  return (
    <Answered query={query}>
      {(answer) =>
        answer === null ? (
          <p className="quiet">{t(run.status === 'succeeded' ? 'run.notKept' : 'run.noResult')}</p>
        ) : (
          <Json value={answer.result} />
        )
      }
    </Answered>
  );
}

function Json({ value }: { value: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <pre className="code wrap" tabIndex={0}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
