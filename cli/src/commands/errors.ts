// `millrace errors`: faults of functions in groups that are alike, and the runs of a group once more.
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { nameFunctions } from '../frame/name-functions.ts';
import { showRuns } from '../frame/show-run.ts';
import { showFields, showTable } from '../frame/show-table.ts';
import { timeBefore } from '../frame/show-time.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

const GROUP = { name: 'group', about: 'id of the group' } as const;
const SINCE = {
  since: { type: 'string', value: 'time', about: '1d if it is left out; at most 31d' },
} as const;

const list = defineCommand({
  about: 'Faults in groups that are alike, the most frequent first',
  example: 'millrace errors list --function hello --since 7d',
  options: { function: { type: 'string', about: 'of this function only' }, ...SINCE },
  async run({ options, client, terminal }) {
    const api = await client();
    const { function: of, since } = options;
    const query = {
      ...(of !== undefined && { function_id: (await findFunction(api, of)).id }),
      ...spanOf(since),
    };
    const { data } = await api.get('/errors', { params: { query } });
    type Group = (typeof data)[number];
    const columns = {
      COUNT: ({ count }: Group) => count,
      LAST: ({ last_seen_at }: Group) => last_seen_at,
      VERSIONS: ({ versions }: Group) => versions.join(','),
      ERROR: ({ type, message }: Group) => `${type}: ${message.split('\n')[0]?.slice(0, 80)}`,
      GROUP: ({ id }: Group) => id,
    };
    return { data: { data }, text: showTable(terminal, data, columns, 'No errors in this time.') };
  },
});

const show = defineCommand({
  about: 'One group: since when, how often, and the last one with its stack',
  example: 'millrace errors show 4f1c2d3e',
  operands: [GROUP],
  options: SINCE,
  async run({ operands: { group: id = '' }, options, client, terminal }) {
    const api = await client();
    const data = await api.get('/errors/{id}', { params: { path: { id }, query: spanOf(options.since) } });
    const fields = {
      ...{ group: data.id, function: data.function_id, error: `${data.type}: ${data.message}` },
      ...{ count: data.count, first: data.first_seen_at, last: data.last_seen_at, in: data.frame },
      ...{ versions: data.versions.join(', '), run: data.last_run_id },
    };
    const stack = data.example === null ? [] : ['', terminal.paint('dim', data.example.stack)];
    const next = `Next: millrace runs show ${data.last_run_id}, or millrace errors replay ${data.id}`;
    return { data, text: [showFields(terminal, fields), ...stack, '', next].join('\n') };
  },
});

const runs = defineCommand({
  about: 'The runs of a group, newest first',
  example: 'millrace errors runs 4f1c2d3e',
  operands: [GROUP],
  options: { limit: LIMIT_OPTION },
  async run({ operands: { group: id = '' }, options, client, terminal }) {
    const count = readCount(options.limit);
    const params = { path: { id }, query: { limit: pageOf(count) } };
    const api = await client();
    const data = await take(api.list('/errors/{id}/runs', { params }), count);
    return { data: { data }, text: showRuns(terminal, data, await nameFunctions(api, data)) };
  },
});

const MOST_AT_ONCE = 1_000;

const replay = defineCommand({
  about: 'Runs the runs of a group again, as new ones',
  example: 'millrace errors replay 4f1c2d3e',
  operands: [GROUP],
  options: { limit: { type: 'string', value: 'count', about: `at most; ${MOST_AT_ONCE} if it is left out` } },
  async run({ operands: { group = '' }, options, client }) {
    const limit = Math.min(readCount(options.limit, MOST_AT_ONCE), MOST_AT_ONCE);
    const body = { filter: { error_group: group }, limit };
    const data = await (await client()).post('/runs/replay', { body });
    const { replayed, skipped } = data;
    return { data, text: `${replayed.length} run again, ${skipped.length} are skipped.` };
  },
});

function spanOf(since: string | undefined): { from?: string } {
  return since === undefined ? {} : { from: timeBefore(since, Date.now()) };
}

export const verbs = { list, show, runs, replay };
