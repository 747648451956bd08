// The log of a run as Lambda shows it (docs/specs/lambda.md section 10): START, what the function printed,
// END, REPORT, and the words for a time-out after them. The frame is worked out when it is read; only the
// function's own lines are stored. Pure.
import type { LogLine, ShownStream } from './log-lines.ts';

/** `platform`: the frame around the function's own lines. */
export type RunLogLine = Omit<LogLine, 'stream'> & { stream: ShownStream };

export type LoggedRun = {
  id: string;
  status: string;
  memoryMb: number;
  createdAtMs: number;
  startedAtMs: number | null;
  endedAtMs: number | null;
  durationMs: number | null;
  initMs: number | null;
  memoryPeakBytes: number | null;
  error: { message: string } | null;
};

/** @param truncated whether lines were cut at the limit */
export function runLog(run: LoggedRun, lines: readonly LogLine[], truncated: boolean): RunLogLine[] {
  const platform = (at: number, text: string): RunLogLine => ({ at, stream: 'platform', text });
  const startedAt = run.startedAtMs ?? run.createdAtMs;
  const log: RunLogLine[] = [platform(startedAt, `START RequestId: ${run.id} Version: $LATEST`), ...lines];
  if (run.endedAtMs === null) return log;
  if (truncated)
    log.push(platform(run.endedAtMs, 'the log was cut here: the run printed more than its limit'));
  log.push(platform(run.endedAtMs, `END RequestId: ${run.id}`));
  log.push(platform(run.endedAtMs, report(run)));
  if (run.status === 'timed_out' && run.error !== null) log.push(platform(run.endedAtMs, run.error.message));
  return log;
}

function report(run: LoggedRun): string {
  const duration = run.durationMs ?? 0;
  const usedMb = Math.ceil((run.memoryPeakBytes ?? 0) / (1024 * 1024));
  const parts = [
    `REPORT RequestId: ${run.id}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration)} ms`,
    `Memory Size: ${run.memoryMb} MB`,
    `Max Memory Used: ${usedMb} MB`,
    ...(run.initMs === null ? [] : [`Init Duration: ${run.initMs.toFixed(2)} ms`]),
  ];
  return `${parts.join('\t')}\t`;
}
