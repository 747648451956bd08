// Runs the code as it is typed, saved or not, in the real jail: what goes in, what came out, what it printed.
// Inputs of recorded runs are one click away. Called by the editor's page.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { read } from '../../../api/millrace.ts';
import { bytesText, clockTime, relative, tookText } from '../../../design/moment.tsx';
import { Wrong } from '../../../design/states.tsx';
import { StatusMark } from '../../../design/status-mark.tsx';
import { useWhere } from '../../../shell/scope.ts';
import { t } from '../../../texts/translate.ts';
import type { Trial } from '../function-requests.ts';
import { firstInput, ofRecorded, TEST_TRIGGERS, type TestTrigger } from './test-inputs.ts';

export type TestInput = { trigger: TestTrigger; text: string };
type Props = {
  id: string;
  input: TestInput;
  onInput: (input: TestInput) => void;
  onRun: () => void;
  isRunning: boolean;
  trial: Trial | undefined;
  error: unknown;
};

const RECORDED = 20;

export function TestPanel({ id, input, onInput, onRun, isRunning, trial, error }: Props) {
  const problem = problemOf(input.text);
  return (
    <section className="test-panel" aria-label={t('test.title')}>
      <div className="bench-bar">
        <h2>{t('test.title')}</h2>
        <span className="grow" />
        <button
          type="button"
          className="button"
          disabled={isRunning || problem !== null}
          onClick={onRun}
          aria-keyshortcuts="Control+Enter"
        >
          {t(isRunning ? 'test.running' : 'test.run')} <kbd>Ctrl ⏎</kbd>
        </button>
      </div>
      <div className="test-part">
        <div className="row">
          <select
            className="input"
            style={{ width: 'auto' }}
            aria-label={t('test.trigger')}
            value={input.trigger}
            onChange={({ target }) => {
              const trigger = target.value as TestTrigger;
              onInput({ trigger, text: firstInput(trigger) });
            }}
          >
            {TEST_TRIGGERS.map((one) => (
              <option key={one} value={one}>
                {t(`trigger.${one}`)}
              </option>
            ))}
          </select>
          <Recorded id={id} onInput={onInput} />
        </div>
        <div className="field" style={{ marginTop: 8 }}>
          <textarea
            rows={8}
            spellCheck={false}
            aria-label={t('test.input')}
            aria-invalid={problem === null ? undefined : true}
            value={input.text}
            onChange={({ target }) => onInput({ ...input, text: target.value })}
          />
          {problem === null ? null : <div className="wrong">{problem}</div>}
        </div>
      </div>
      <div aria-live="polite">
        <Wrong error={error} />
        {trial === undefined ? null : <Outcome trial={trial} />}
      </div>
      {trial === undefined && !error ? <p className="test-part quiet">{t('test.explain')}</p> : null}
    </section>
  );
}

/** Real inputs: those of the function's latest runs. */
function Recorded({ id, onInput }: { id: string; onInput: (input: TestInput) => void }) {
  const { api, key } = useWhere();
  const { data } = useQuery({
    queryKey: [...key, 'function', id, 'recorded'],
    queryFn: () =>
      read(api.GET('/functions/{id}/runs', { params: { path: { id }, query: { limit: RECORDED } } })),
  });
  const kept = (data?.data ?? []).filter((run) => run.input_kept);
  if (kept.length === 0) return null;
  const take = async (run: string) => {
    const input = await read(api.GET('/runs/{id}/input', { params: { path: { id: run } } }));
    const recorded = ofRecorded(input);
    if (recorded !== null) onInput(recorded);
  };
  return (
    <select
      className="input"
      style={{ width: 'auto', maxWidth: 180 }}
      aria-label={t('test.recorded')}
      value=""
      onChange={({ target }) => void take(target.value)}
    >
      <option value="">{t('test.recorded')}</option>
      {kept.map((run) => (
        <option key={run.id} value={run.id}>
          {t(`status.${run.status}`)} · {relative(run.created_at, Date.now())}
        </option>
      ))}
    </select>
  );
}

function Outcome({ trial }: { trial: Trial }) {
  const { account, mode } = useWhere();
  const { run, result, answer, logs } = trial;
  const isGood = run.status === 'succeeded';
  return (
    <>
      <div className="test-part row">
        <StatusMark tone={isGood ? 'good' : 'bad'}>{t(`status.${run.status}`)}</StatusMark>
        <span className="mono">{tookText(run.duration_ms)}</span>
        <span className="quiet">{bytesText(run.memory_peak_bytes)}</span>
        <span className="grow" />
        <Link to="/$account/$mode/runs/$run" params={{ account, mode, run: run.id }}>
          {t('test.openRun')}
        </Link>
      </div>
      {run.error === null ? null : (
        <div className="test-part">
          <h3>{t('run.tab.error')}</h3>
          <pre className="code wrap bad">{run.error.stack || `${run.error.type}: ${run.error.message}`}</pre>
        </div>
      )}
      {answer === null ? null : (
        <div className="test-part">
          <h3>{t('test.answer', { status: String(answer.status) })}</h3>
          <pre className="code wrap">{answer.base64 ? t('test.bytes') : answer.body}</pre>
        </div>
      )}
      {isGood && answer === null ? (
        <div className="test-part">
          <h3>{t('run.tab.output')}</h3>
          <pre className="code wrap">{JSON.stringify(result, null, 2)}</pre>
        </div>
      ) : null}
      <div className="test-part">
        <h3>{t('run.tab.log')}</h3>
        <pre className="code wrap">
          {logs
            .filter((line) => line.stream !== 'platform')
            .map((line) => `${clockTime(line.at)}  ${line.text}`)
            .join('\n') || t('log.none')}
        </pre>
      </div>
    </>
  );
}

export function problemOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
