// `millrace logs`: what functions print, a run after the other; with `-f` as it is printed.
import type { MillraceClient, Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { timeBefore } from '../frame/show-time.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';
import type { Terminal } from '../frame/terminal.ts';

type Run = Schemas['Run'];
type Line = Schemas['LogLine'];
type Wanted = { query: Record<string, unknown>; count: number; grep: RegExp | null };

/** Of one `logs -f`; an account has 50 at a node. */
const MOST_STREAMS = 10;
const USUAL_RUNS = 20;

export const command = defineCommand({
  about: 'What functions print, the newest run last; -f follows',
  example: 'millrace logs -f --function hello --grep error',
  options: {
    follow: { type: 'boolean', short: 'f', about: 'goes on with what comes' },
    function: { type: 'string', about: 'of this function only' },
    status: { type: 'string', about: 'of runs that ended so' },
    since: { type: 'string', value: 'time', about: '15m, 2h, 3d, or a time' },
    grep: { type: 'string', value: 'pattern', about: 'lines that match, by a regular expression' },
    limit: { ...LIMIT_OPTION, about: 'runs at most; 20 if it is left out' },
  },
  async run({ options, client, terminal }) {
    const { function: of, status, since } = options;
    const grep = readPattern(options.grep);
    const api = await client();
    const query = {
      ...(of !== undefined && { function_id: (await findFunction(api, of)).id }),
      ...(status !== undefined && { status }),
      ...(since !== undefined && { created_after: timeBefore(since, Date.now()) }),
    };
    const count = readCount(options.limit, USUAL_RUNS);
    const wanted = { query, count, grep };
    if (options.follow === true) return await follow(api, terminal, wanted);
    const runs = (await newestRuns(api, wanted)).reverse();
    const data: (Line & { run_id: string })[] = [];
    for (const { id } of runs) {
      for (const line of await linesOf(api, id)) {
        if (wanted.grep === null || wanted.grep.test(line.text)) data.push({ run_id: id, ...line });
      }
    }
    const text = data.map((line) => showLine(terminal, line)).join('\n');
    return { data: { data }, text: text === '' ? 'Nothing was printed. Next: millrace logs -f' : text };
  },
});

/** @throws CliError `usage` */
function readPattern(given: string | undefined): RegExp | null {
  if (given === undefined) return null;
  try {
    return new RegExp(given, 'i');
  } catch (error) {
    throw new CliError('usage', `--grep: ${(error as Error).message}`);
  }
}

function newestRuns(api: MillraceClient, { query, count }: Wanted): Promise<Run[]> {
  return take(api.list('/runs', { params: { query: { ...query, limit: pageOf(count) } } }), count);
}

async function linesOf(api: MillraceClient, id: string): Promise<Line[]> {
  const params = { path: { id }, query: { limit: 500 } };
  return await take(api.list('/runs/{id}/logs', { params }), 10_000);
}

/** Ends with the process: Ctrl+C. What began before is passed over, but with `--since`. */
async function follow(api: MillraceClient, terminal: Terminal, wanted: Wanted): Promise<undefined> {
  terminal.say(terminal.paint('dim', 'Following; Ctrl+C ends.'));
  const shown = new Set<string>();
  let streams = 0;
  const showRun = async ({ id, ended_at }: Run): Promise<void> => {
    if (shown.has(id)) return;
    // An account has so many streams: runs beyond are shown when they have ended.
    if (ended_at === null && streams >= MOST_STREAMS) return;
    shown.add(id);
    streams += 1;
    for await (const line of ended_at === null ? linesAsTheyCome(api, id) : await linesOf(api, id)) {
      show(terminal, wanted, { run_id: id, ...line });
    }
    streams -= 1;
  };
  const { created_after, ...query } = wanted.query;
  if (created_after !== undefined) {
    for (const run of (await newestRuns(api, wanted)).reverse()) await showRun(run);
  }
  for await (const { event, data } of api.stream('/runs/stream', { params: { query } })) {
    if (event !== 'run' || (data as Run).started_at === null) continue;
    const failed = showRun(data as Run);
    failed.catch((error: Error) => terminal.say(terminal.paint('red', error.message)));
  }
}

async function* linesAsTheyCome(api: MillraceClient, id: string): AsyncGenerator<Line, void, void> {
  for await (const { event, data } of api.stream('/runs/{id}/logs/stream', { params: { path: { id } } })) {
    if (event === 'line') yield data as Line;
  }
}

function show(terminal: Terminal, { grep }: Wanted, line: Line & { run_id: string }): void {
  if (grep !== null && !grep.test(line.text)) return;
  terminal.print(terminal.asJson ? JSON.stringify(line) : showLine(terminal, line));
}

function showLine({ paint }: Terminal, { run_id, at, stream, text }: Line & { run_id: string }): string {
  const style = stream === 'stderr' ? 'red' : 'dim';
  const shown = stream === 'stdout' ? text : paint(style, text);
  return `${paint('dim', `${at.slice(11, 23)} ${run_id.slice(-6)}`)} ${shown}`;
}
