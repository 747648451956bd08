// `millrace functions`: functions of every dialect; what they are, and their life.

import type { Schemas } from '@millrace/client';
import { confirm } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { showFields, showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

type Fn = Schemas['Function'];

export const FUNCTION = { name: 'function', about: 'its name, or its id' } as const;
const DIALECTS = ['millrace', 'comecero', 'revcent', 'hubspot'] as const;

const COLUMNS = {
  NAME: ({ name }: Fn) => name,
  STATE: (one: Fn) => stateOf(one),
  RUNTIME: ({ runtime }: Fn) => runtime,
  VERSION: ({ version }: Fn) => version,
  DIALECT: ({ dialect }: Fn) => dialect,
  ID: ({ id }: Fn) => id,
};

function stateOf({ enabled, paused_at }: Fn): string {
  if (!enabled) return 'disabled';
  return paused_at === null ? 'live' : 'paused';
}

const list = defineCommand({
  about: 'Functions, by name',
  example: 'millrace functions list --name shop',
  options: {
    name: { type: 'string', about: 'those whose name contains it' },
    dialect: { type: 'string', about: `one of ${DIALECTS.join(', ')}` },
    limit: LIMIT_OPTION,
  },
  async run({ options, client, terminal }) {
    const count = readCount(options.limit);
    const { name, dialect } = options;
    const query = {
      limit: pageOf(count),
      ...(name !== undefined && { name }),
      ...(dialect !== undefined && { dialect: dialect as (typeof DIALECTS)[number] }),
    };
    const data = await take((await client()).list('/functions', { params: { query } }), count);
    return { data: { data }, text: showTable(terminal, data, COLUMNS, 'None yet. Next: millrace init') };
  },
});

const show = defineCommand({
  about: 'One function with its settings',
  example: 'millrace functions show hello',
  operands: [FUNCTION],
  async run({ operands, client, terminal }) {
    const found = await findFunction(await client(), operands.function ?? '');
    const fields = {
      ...{ name: found.name, id: found.id, dialect: found.dialect, state: stateOf(found) },
      ...{ runtime: found.runtime, handler: found.handler, convention: found.convention },
      ...{ version: found.version, timeout: `${found.timeout_ms} ms`, memory: `${found.memory_mb} MB` },
      packages: Object.entries(found.dependencies)
        .map(([name, version]) => `${name}@${version}`)
        .join(' '),
      ...{ disabled: found.disabled_reason, description: found.description, changed: found.modified_at },
    };
    return { data: found, text: showFields(terminal, fields) };
  },
});

const pause = defineCommand({
  about: 'Holds the queued runs of a function, and refuses calls',
  example: 'millrace functions pause hello',
  operands: [FUNCTION],
  async run({ operands, client }) {
    const api = await client();
    const { id } = await findFunction(api, operands.function ?? '');
    const data = await api.post('/functions/{id}/pause', { params: { path: { id } } });
    return { data, text: `${data.name} is paused. Back: millrace functions resume ${data.name}` };
  },
});

const resume = defineCommand({
  about: 'Releases what a pause held',
  example: 'millrace functions resume hello',
  operands: [FUNCTION],
  async run({ operands, client }) {
    const api = await client();
    const { id } = await findFunction(api, operands.function ?? '');
    const data = await api.post('/functions/{id}/resume', { params: { path: { id } } });
    return { data, text: `${data.name} runs again.` };
  },
});

const remove = defineCommand({
  about: 'Deletes a function with its versions and triggers; its runs stay',
  example: 'millrace functions delete hello --yes',
  operands: [FUNCTION],
  options: { yes: { type: 'boolean', about: 'without a question' } },
  async run({ operands, options, client, terminal }) {
    const api = await client();
    const { id, name } = await findFunction(api, operands.function ?? '');
    await confirm(
      terminal,
      `Delete ${name} (${id}) with all its versions and triggers?`,
      options.yes === true,
    );
    await api.delete('/functions/{id}', { params: { path: { id } } });
    return { data: { id, name, deleted: true }, text: `${name} is gone.` };
  },
});

const copy = defineCommand({
  about: 'Makes another function of the same code, settings and variables',
  example: 'millrace functions copy hello hello-next',
  operands: [FUNCTION, { name: 'name', about: 'of the copy' }],
  async run({ operands, client }) {
    const api = await client();
    const { id } = await findFunction(api, operands.function ?? '');
    const data = await api.post('/functions/{id}/copy', {
      params: { path: { id } },
      body: { name: operands.name ?? '' },
    });
    return { data, text: `${data.name} (${data.id}) is there.` };
  },
});

export const verbs = { list, show, pause, resume, copy, delete: remove };
