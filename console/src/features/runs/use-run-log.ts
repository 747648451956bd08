// The log of a run, line by line as it comes: by the stream for a run that goes on and for one that is over,
// which sends all at once. Where there is no stream, the log is asked for again and again. Called by the
// log and by the comparison of two runs.
import { useEffect, useState } from 'react';
import { followEvents } from '../../api/follow-events.ts';
import { read, withoutText } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import type { LogLine, Run } from './run-requests.ts';

export type RunLog = { lines: readonly LogLine[]; isWhole: boolean; isLive: boolean; error: unknown };

const DRAWN_EVERY_MS = 100;
const ASKED_EVERY_MS = 2_000;
const PAGE = 500;
const NOTHING: RunLog = { lines: [], isWhole: false, isLive: true, error: null };

export function useRunLog(where: Where, run: Pick<Run, 'id'>): RunLog {
  const [log, setLog] = useState(NOTHING);
  const { api, account, mode } = where;
  const { id } = run;
  useEffect(() => {
    const end = new AbortController();
    const lines: LogLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (more: Partial<RunLog>) => {
      if (!end.signal.aborted) setLog((was) => ({ ...was, lines: [...lines], ...more }));
    };
    const drawSoon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        draw({});
      }, DRAWN_EVERY_MS);
    };
    /** Where the stream is lost. */
    const ask = async () => {
      const params = { path: { id }, query: { limit: PAGE, after: String(lines.length) } };
      const { data, next } = withoutText(await read(api.GET('/runs/{id}/logs', { params })));
      lines.push(...data);
      draw({});
      if (next !== null && !end.signal.aborted) await ask();
    };
    setLog(NOTHING);
    let asking: ReturnType<typeof setInterval> | undefined;
    void followEvents({
      path: `/runs/${id}/logs/stream`,
      scope: { account, mode },
      signal: end.signal,
      onState: (isLive) => {
        clearInterval(asking);
        if (!isLive) asking = setInterval(() => void ask().catch(() => {}), ASKED_EVERY_MS);
        draw({ isLive });
      },
      onEvent: ({ event, id: number, data }) => {
        // A line that was asked for meanwhile isn't taken twice.
        if (event === 'line' && Number(number) > lines.length) lines.push(data as LogLine);
        if (event === 'end') {
          clearTimeout(timer);
          draw({ isWhole: true });
          return end.abort();
        }
        drawSoon();
      },
    }).catch((error: unknown) => draw({ error, isLive: false }));
    return () => {
      clearTimeout(timer);
      clearInterval(asking);
      end.abort();
    };
  }, [api, account, mode, id]);
  return log;
}

const LAMBDA = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[^\t]*\t(\w+)\t/;

/** What a line says, without the time and the run that a runtime writes before it: both are beside it. */
export function textOfLine({ text }: LogLine): { level: string | null; text: string } {
  const [whole = '', level = null] = LAMBDA.exec(text) ?? [];
  return { level, text: text.slice(whole.length) };
}
