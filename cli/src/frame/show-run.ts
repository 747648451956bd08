// Runs for people. Pure but for the colours of the terminal.
import type { Schemas } from '@millrace/client';
import { showFields, showTable } from './show-table.ts';
import { showDuration } from './show-time.ts';
import type { Terminal } from './terminal.ts';

type Run = Schemas['Run'];
type Names = ReadonlyMap<string, string>;

const GOOD = new Set(['succeeded', 'queued', 'running']);

/** @param names of functions, by id */
export function showRuns(terminal: Terminal, runs: readonly Run[], names: Names): string {
  const columns = {
    STATUS: ({ status }: Run) => status,
    FUNCTION: (run: Run) =>
      isOfProject(run) ? '(project)' : (names.get(run.function_id) ?? run.function_id),
    TRIGGER: ({ trigger, test }: Run) => (test ? `${trigger} (test)` : trigger),
    BEGAN: ({ created_at }: Run) => created_at,
    TOOK: ({ duration_ms }: Run) => showDuration(duration_ms),
    VERSION: (run: Run) => (isOfProject(run) ? null : run.version),
    RUN: ({ id }: Run) => id,
    ERROR: ({ error }: Run) => (error === null ? '' : `${error.type}: ${firstLine(error.message)}`),
  };
  return showTable(terminal, runs, columns, 'No runs. Next: millrace invoke <function>');
}

export function showRun(terminal: Terminal, run: Run, names: Names = new Map()): string {
  const { error } = run;
  const name = names.get(run.function_id);
  const of = name === undefined ? run.function_id : `${name} (${run.function_id})`;
  const style = GOOD.has(run.status) ? 'green' : 'red';
  const fields = {
    ...{ run: run.id, status: terminal.paint(style, run.status) },
    ...(isOfProject(run) ? { function: '(project)' } : { function: of, version: run.version }),
    ...{ trigger: run.trigger, engine: run.engine },
    ...{ created: run.created_at, took: showDuration(run.duration_ms) },
    start: run.init_ms === null ? null : showDuration(run.init_ms),
    memory: run.memory_peak_bytes === null ? null : `${Math.ceil(run.memory_peak_bytes / 1_048_576)} MB`,
    attempts: run.attempts > 1 ? run.attempts : null,
    ...{ answer: run.response_status, repeats: run.replay_of },
    error: error === null ? null : `${error.type}: ${error.message}`,
  };
  const stack = error?.stack ? `\n${terminal.paint('dim', error.stack)}` : '';
  return `${showFields(terminal, fields)}${stack}`;
}

/** Of `trigger` and `dev`: its function is nowhere but in the run. */
function isOfProject({ test, version }: Run): boolean {
  return test && version === 0;
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.slice(0, 80) ?? '';
}
