// Where the time of a run went: earlier attempts, waiting, starting, running. Bars are to scale.
import { tookText } from '../../design/moment.tsx';
import { t } from '../../texts/translate.ts';
import type { Run } from './run-requests.ts';

type Bar = { id: string; name: string; fromMs: number; ms: number; kind: 'wait' | 'run' | 'run failed' };

export function Timeline({ run }: { run: Run }) {
  const bars = barsOf(run);
  const begin = Math.min(...bars.map((bar) => bar.fromMs));
  const span = Math.max(...bars.map((bar) => bar.fromMs + bar.ms - begin), 1);
  if (bars.length === 0) return null;
  return (
    <ol className="timeline" aria-label={t('run.timeline')}>
      {bars.map((bar) => (
        <li key={bar.id} className={bar.kind}>
          <span>{bar.name}</span>
          <span className="track" aria-hidden="true">
            <i
              style={{
                left: `${Math.min((100 * (bar.fromMs - begin)) / span, 99)}%`,
                width: `${Math.min((100 * bar.ms) / span, 100)}%`,
              }}
            />
          </span>
          <span className="number mono">{tookText(bar.ms)}</span>
        </li>
      ))}
    </ol>
  );
}

function barsOf(run: Run): Bar[] {
  const created = Date.parse(run.created_at);
  const ended = run.ended_at === null ? null : Date.parse(run.ended_at);
  const earlier = run.history.flatMap((one): Bar[] => {
    if (one.started_at === null || one.ended_at === null) return [];
    const fromMs = Date.parse(one.started_at);
    const name = t('run.attempt', { number: String(one.attempt) });
    return [
      {
        id: `attempt-${one.attempt}`,
        name,
        fromMs,
        ms: Date.parse(one.ended_at) - fromMs,
        kind: 'run failed',
      },
    ];
  });
  if (run.started_at === null) return earlier;
  const init = run.init_ms ?? 0;
  const ms = run.duration_ms ?? (ended ?? Date.now()) - Date.parse(run.started_at);
  const started = Date.parse(run.started_at);
  const begin = ended === null ? started + init : Math.max(started, ended - ms);
  const waited = Math.max(begin - init - created, 0);
  const isBad = run.error !== null;
  return [
    { id: 'wait', name: t('run.waited'), fromMs: created, ms: waited, kind: 'wait' },
    ...earlier,
    ...(run.init_ms === null
      ? []
      : [{ id: 'init', name: t('run.cold'), fromMs: begin - init, ms: init, kind: 'wait' as const }]),
    {
      id: 'run',
      name: t(run.init_ms === null ? 'run.ranWarm' : 'run.ran'),
      fromMs: begin,
      ms,
      kind: isBad ? 'run failed' : 'run',
    },
  ];
}
