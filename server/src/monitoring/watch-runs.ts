// Counts runs as they are written, behind their answers: no call waits for it. A batch that the database
// refuses and takes at its second try is counted twice; counters of outcomes bear that, an answer that waits
// would not. Called by roles/open-monitoring.ts.
import { LANGUAGES } from '../../../contract/engine-name.ts';
import { hasEnded, type RunWatch, type WrittenRun } from '../runs/run-watch.ts';
import type { Instruments } from './instruments.ts';

export function createRunCounter(instruments: Instruments): RunWatch {
  return async (_sql, written) => {
    for (const one of written) count(instruments, one);
  };
}

function count(instruments: Instruments, { run, attempt }: WrittenRun): void {
  const language = languageOfEngine(run.engine);
  if (hasEnded(run)) instruments.runs.inc({ outcome: run.status, language, trigger: run.trigger });
  if (attempt === null) return;
  if (run.durationMs !== null) instruments.runDuration.observe({ language }, run.durationMs / 1000);
  if (run.initMs !== null) {
    instruments.coldStarts.inc({ language });
    instruments.initDuration.observe({ language }, run.initMs / 1000);
  }
  if (run.attempts > 1 || run.startedAtMs === null) return;
  const isCall = run.trigger === 'http' || run.trigger === 'function_url';
  const waitedMs = run.startedAtMs - Math.max(run.createdAtMs, run.dueAtMs ?? 0);
  instruments.runWait.observe({ way: isCall ? 'call' : 'queue' }, Math.max(0, waitedMs) / 1000);
}

const NAMES: ReadonlySet<string> = new Set(LANGUAGES);

/** @param engine as `node v24.1.0`; null: no code ran */
function languageOfEngine(engine: string | null): string {
  const [name = ''] = (engine ?? 'none').split(' ', 1);
  return NAMES.has(name) ? name : engine === null ? 'none' : 'other';
}
