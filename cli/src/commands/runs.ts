// `millrace runs`: what functions did, and the same once more.
import type { MillraceClient, Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { editJson } from '../frame/edit-json.ts';
import { findFunction } from '../frame/find-function.ts';
import { findRun, RUN } from '../frame/find-run.ts';
import { nameFunctions } from '../frame/name-functions.ts';
import { readJson } from '../frame/read-json.ts';
import { showRun, showRuns } from '../frame/show-run.ts';
import { timeBefore } from '../frame/show-time.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';
import { untilEnded } from '../frame/until-ended.ts';
import { fixtureOfRun } from '../project/fixture-of-run.ts';
import { repeatHere } from '../project/repeat-here.ts';
import { INSPECT_OPTIONS, readInspectPort } from '../project/run-here.ts';

const OF = { type: 'string', value: 'function', about: 'of this function only' } as const;

const list = defineCommand({
  about: 'Runs, newest first',
  example: 'millrace runs list --function hello --status failed --since 2h',
  options: {
    function: OF,
    status: { type: 'string', about: 'queued, running, succeeded, failed, timed_out, ...' },
    trigger: { type: 'string', about: 'what kind of thing started it' },
    since: { type: 'string', value: 'time', about: '15m, 2h, 3d, or a time' },
    limit: LIMIT_OPTION,
  },
  async run({ options, client, terminal }) {
    const api = await client();
    const count = readCount(options.limit);
    const { function: of, status, trigger, since } = options;
    const query = {
      limit: pageOf(count),
      ...(of !== undefined && { function_id: (await findFunction(api, of)).id }),
      ...(status !== undefined && { status: status as Schemas['Run']['status'] }),
      ...(trigger !== undefined && { trigger }),
      ...(since !== undefined && { created_after: timeBefore(since, Date.now()) }),
    };
    const data = await take(api.list('/runs', { params: { query } }), count);
    return { data: { data }, text: showRuns(terminal, data, await nameFunctions(api, data)) };
  },
});

const show = defineCommand({
  about: 'One run: how it ended, what caused it, what it printed',
  example: 'millrace runs show last --function hello',
  operands: [RUN],
  options: { function: OF },
  async run({ operands, options, client, terminal }) {
    const api = await client();
    const run = await findRun(api, operands.run ?? '', options.function);
    const of = { id: run.id };
    const logs = await take(
      api.list('/runs/{id}/logs', { params: { path: of, query: { limit: 500 } } }),
      1000,
    );
    const input = run.input_kept
      ? await api.get('/runs/{id}/input', { params: { path: of } }).catch(() => null)
      : null;
    const text = [
      showRun(terminal, run, await nameFunctions(api, [run])),
      ...(input === null ? [] : ['', terminal.paint('dim', 'input'), JSON.stringify(input, null, 2)]),
      ...(logs.length === 0 ? [] : ['', terminal.paint('dim', 'log'), ...logs.map((line) => line.text)]),
      '',
      `Once more: millrace runs replay ${run.id}`,
    ];
    return { data: { run, input, logs }, text: text.join('\n') };
  },
});

const replay = defineCommand({
  about: 'Runs a run again, as a new one: the same input, or another',
  example: 'millrace runs replay last --version 3',
  operands: [RUN],
  options: {
    function: OF,
    input: { type: 'string', value: 'json', about: 'another input: JSON, @file, or @-' },
    edit: { type: 'boolean', about: 'another input: the old one, in your editor ($VISUAL, $EDITOR)' },
    version: { type: 'string', value: 'number', about: 'of the function; the active one if it is left out' },
    local: { type: 'boolean', about: 'by the code of the project in this folder, not deployed' },
    ...INSPECT_OPTIONS,
    'no-wait': { type: 'boolean', about: 'doesn’t wait for its end' },
  },
  async run({ operands, options, client, terminal }) {
    const api = await client();
    const run = await findRun(api, operands.run ?? '', options.function);
    if (options.local === true || options.inspect === true) {
      const port = options.inspect === true ? readInspectPort(options['inspect-port']) : null;
      return await repeatHere(api, { run, terminal, port, input: await readInput(api, run.id, options) });
    }
    const { id } = run;
    const input = await readInput(api, id, options);
    const begun = await api.post('/runs/{id}/replay', {
      params: { path: { id } },
      body: {
        ...(input !== undefined && { input: input as Schemas['RunInput'] as never }),
        ...(options.version !== undefined && { version: versionOf(options.version) }),
      },
    });
    if (options['no-wait'] === true) return { data: begun, text: `Queued as ${begun.id}` };
    const ended = await untilEnded(api, begun.id);
    const exitStatus = ended.status === 'succeeded' ? 0 : 1;
    return { data: ended, text: showRun(terminal, ended), exitStatus };
  },
});

/** @returns undefined: the same as before. @throws CliError `usage` `cancelled` */
async function readInput(
  api: MillraceClient,
  id: string,
  { input, edit }: { input?: string; edit?: boolean },
): Promise<unknown> {
  if (edit !== true) return input === undefined ? undefined : await readJson(input);
  if (input !== undefined) throw new CliError('usage', '--edit and --input: one of them');
  return editJson(await api.get('/runs/{id}/input', { params: { path: { id } } }));
}

function versionOf(given: string): number {
  const number = Number(given);
  if (Number.isInteger(number) && number > 0) return number;
  throw new CliError('usage', `--version: ${given} is no number`, {
    next: 'millrace versions list <function>',
  });
}

const fixture = defineCommand({
  about: 'What repeats a run in `trigger` and in tests: its recorded input, as JSON',
  example: 'millrace runs fixture last > fixtures/sale.json',
  operands: [RUN],
  options: { function: OF },
  async run({ operands, options, client }) {
    const api = await client();
    const { id } = await findRun(api, operands.run ?? '', options.function);
    const data = fixtureOfRun(await api.get('/runs/{id}/input', { params: { path: { id } } }));
    return { data, text: JSON.stringify(data, null, 2) };
  },
});

const cancel = defineCommand({
  about: 'Ends a run that waits or goes on',
  example: 'millrace runs cancel 01a20357-0dc2-7ddd-a83f-f30f0b5f5767',
  operands: [RUN],
  options: { function: OF },
  async run({ operands, options, client, terminal }) {
    const api = await client();
    const { id } = await findRun(api, operands.run ?? '', options.function);
    const data = await api.post('/runs/{id}/cancel', { params: { path: { id } } });
    return { data, text: showRun(terminal, data) };
  },
});

export const verbs = { list, show, replay, fixture, cancel };
