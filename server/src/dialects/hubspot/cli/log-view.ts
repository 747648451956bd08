// How a run looks to `hs logs`, in the layout of the original service's logs (docs/specs/hubspot.md 1.3).
// What a failed run printed stands in its error's message: the client shows a log only of what went well.
// Pure.
import type { LogLine } from '../../../logs/log-lines.ts';
import { logIdOf } from '../frame/log-id.ts';
import type { LoggedRun } from './log-store.ts';

export type LogStatus = 'SUCCESS' | 'HANDLED_ERROR' | 'UNHANDLED_ERROR';

const MIB = 1024 * 1024;
/** `<ISO>\t<run id>\t<LEVEL>\t<text>`, as the runtime's console writes. */
const CONSOLE_LINE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)\t[0-9a-f-]{36}\t([A-Z]+)\t/;

export function viewLog(run: LoggedRun): Record<string, unknown> {
  const status = statusOf(run);
  const memory = `${Math.round((run.memoryPeakBytes ?? 0) / MIB)}/${run.memoryMb} MB`;
  const duration = `${run.durationMs.toFixed(2)} ms`;
  const lines = run.lines.map(lineOf);
  if (run.isTruncated) lines.push('(more was printed than is kept)');
  return {
    id: logIdOf(run.id),
    runId: run.id,
    status,
    createdAt: run.createdAt.getTime(),
    executionTime: Math.round(run.durationMs),
    log: [...lines, '', `Memory: ${memory}`, `Runtime: ${duration}`].join('\n'),
    error: status === 'SUCCESS' ? null : errorOf(run, lines),
    payload: null,
    memory,
    duration,
    statusCode: run.responseStatus,
  };
}

/** What the function threw is handled; what happened to it, or to its loading, isn't. */
function statusOf({ status, error }: LoggedRun): LogStatus {
  if (status === 'succeeded') return 'SUCCESS';
  const isThrown = status === 'failed' && !/^(Runtime|Platform|Sandbox)\./.test(error?.type ?? '');
  return isThrown ? 'HANDLED_ERROR' : 'UNHANDLED_ERROR';
}

function errorOf(
  { error, status, responseStatus }: LoggedRun,
  lines: readonly string[],
): Record<string, unknown> {
  const message = error?.message ?? `the run ended as ${status}`;
  return {
    type: error?.type ?? 'Error',
    message: [message, ...lines.filter((line) => !isSaidIn(message, line))].join('\n'),
    // One frame to a list: every version of the client prints them all, or the first, and none chokes.
    stackTrace: framesOf(error?.stack ?? '').map((frame) => [frame]),
    statusCode: responseStatus,
  };
}

/** What to do about an error stands behind it and in the log. */
function isSaidIn(message: string, line: string): boolean {
  const text = line.slice(line.lastIndexOf('\t') + 1);
  return text.startsWith('What to do: ') && message.includes(text);
}

function framesOf(stack: string): string[] {
  return stack.split('\n').flatMap((line) => /^\s*at (.+)$/.exec(line)?.[1] ?? []);
}

function lineOf({ at, stream, text }: LogLine): string {
  const written = CONSOLE_LINE.exec(text);
  if (written !== null) return `${written[1]}\t${written[2]}\t${text.slice(written[0].length)}`;
  return `${new Date(at).toISOString()}\t${stream === 'stdout' ? 'INFO' : 'ERROR'}\t${text}`;
}

/** How `hs app logs` shows a run. */
export function viewAppLog(
  run: LoggedRun,
  { portalId, type, app }: { portalId: number | null; type: string; app: string },
): Record<string, unknown> {
  const { createdAt, executionTime, error, log } = viewLog(run) as {
    createdAt: number;
    executionTime: number;
    error: { type: string; message: string } | null;
    log: string;
  };
  return {
    ...{
      id: logIdOf(run.id),
      loggingSystemType: type,
      portalId,
      appId: Number(app),
      traceId: run.id,
      parentId: '',
    },
    requestExecutionTimestamp: createdAt,
    responseReceivedTimestamp: createdAt + executionTime,
    duration: executionTime,
    label: run.status,
    ...(error === null ? {} : { errorType: error.type, errorMessage: error.message }),
    extraInfo: { log },
  };
}

export function viewAppLogDetails(
  run: LoggedRun,
  of: { portalId: number | null; type: string; app: string },
): Record<string, unknown> {
  const log = viewAppLog(run, of);
  return { log, consoleOutput: (log.extraInfo as { log: string }).log };
}
