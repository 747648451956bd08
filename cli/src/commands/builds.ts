// `millrace builds`: packages that are installed beside the code of functions.
import type { Schemas } from '@millrace/client';
import { defineCommand } from '../frame/command.ts';
import { showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

type Build = Schemas['Build'];

const COLUMNS = {
  STATUS: ({ status }: Build) => status,
  BEGAN: ({ created_at }: Build) => created_at,
  FUNCTION: ({ function_id }: Build) => function_id,
  BUILD: ({ id }: Build) => id,
  ERROR: ({ error }: Build) => error?.message.split('\n')[0]?.slice(0, 80) ?? '',
};

const list = defineCommand({
  about: 'Builds, newest first',
  example: 'millrace builds list',
  options: { limit: LIMIT_OPTION },
  async run({ options, client, terminal }) {
    const count = readCount(options.limit);
    const params = { query: { limit: pageOf(count) } };
    const data = await take((await client()).list('/builds', { params }), count);
    return { data: { data }, text: showTable(terminal, data, COLUMNS, 'None yet: no function has packages') };
  },
});

const show = defineCommand({
  about: 'One build, with what it printed',
  example: 'millrace builds show 01a20357-0dc2-7ddd-a83f-f30f0b5f5767',
  operands: [{ name: 'build', about: 'its id' }],
  async run({ operands: { build: id = '' }, client, terminal }) {
    const api = await client();
    const build = await api.get('/builds/{id}', { params: { path: { id } } });
    const params = { path: { id }, query: { limit: 500 } };
    const logs = await take(api.list('/builds/{id}/logs', { params }), 10_000);
    const table = showTable(terminal, [build], COLUMNS, '');
    return { data: { build, logs }, text: [table, '', ...logs.map(({ text }) => text)].join('\n') };
  },
});

export const verbs = { list, show };
