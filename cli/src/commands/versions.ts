// `millrace versions`: what was deployed of a function, and which of it is live.
import type { Schemas } from '@millrace/client';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, readCount, take } from '../frame/take.ts';
import { FUNCTION } from './functions.ts';

type Version = Schemas['Version'];

const COLUMNS = {
  VERSION: ({ number, active }: Version) => (active ? `${number} *` : number),
  MADE: ({ created_at }: Version) => created_at,
  RUNTIME: ({ runtime }: Version) => runtime,
  BYTES: ({ bytes }: Version) => bytes,
  NOTE: ({ note }: Version) => note ?? '',
};

const list = defineCommand({
  about: 'Versions of a function, newest first; * is live',
  example: 'millrace versions list hello',
  operands: [FUNCTION],
  options: { limit: LIMIT_OPTION },
  async run({ operands, options, client, terminal }) {
    const api = await client();
    const { id } = await findFunction(api, operands.function ?? '');
    const count = readCount(options.limit);
    const params = { path: { id } };
    const data = await take(api.list('/functions/{id}/versions', { params }), count);
    return { data: { data }, text: showTable(terminal, data, COLUMNS, 'None: it has never been deployed') };
  },
});

const activate = defineCommand({
  about: 'Makes a version live',
  example: 'millrace versions activate hello 3',
  operands: [FUNCTION, { name: 'version', about: 'its number' }],
  async run({ operands, client }) {
    const api = await client();
    const { id } = await findFunction(api, operands.function ?? '');
    const path = { id, number: operands.version ?? '' };
    const data = await api.post('/functions/{id}/versions/{number}/activate', { params: { path } });
    return { data, text: `Version ${data.version} of ${data.name} is live.` };
  },
});

export const verbs = { list, activate };
