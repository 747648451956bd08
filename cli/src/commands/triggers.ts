// `millrace triggers`: what starts functions.
import type { Schemas } from '@millrace/client';
import { confirm } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

type Trigger = Schemas['Trigger'];

const TRIGGER = { name: 'trigger', about: 'its id' } as const;
const COLUMNS = {
  NAME: ({ name }: Trigger) => name ?? '',
  KIND: ({ kind }: Trigger) => kind,
  STATE: ({ enabled, paused_at }: Trigger) =>
    enabled ? (paused_at === null ? 'live' : 'paused') : 'disabled',
  NEXT: ({ next_tick_at }: Trigger) => next_tick_at,
  ID: ({ id }: Trigger) => id,
  ADDRESS: ({ url }: Trigger) => url ?? '',
};

const list = defineCommand({
  about: 'Triggers, newest first',
  example: 'millrace triggers list --function hello',
  options: {
    function: { type: 'string', about: 'of this function only' },
    kind: { type: 'string', about: 'account_event, webhook, function_url or schedule' },
    limit: LIMIT_OPTION,
  },
  async run({ options, client, terminal }) {
    const api = await client();
    const count = readCount(options.limit);
    const { function: of, kind } = options;
    const query = {
      limit: pageOf(count),
      ...(of !== undefined && { function_id: (await findFunction(api, of)).id }),
      ...(kind !== undefined && { kind: kind as Trigger['kind'] }),
    };
    const data = await take(api.list('/triggers', { params: { query } }), count);
    const empty = 'None yet: name them in millrace.json, then millrace deploy';
    return { data: { data }, text: showTable(terminal, data, COLUMNS, empty) };
  },
});

const pause = defineCommand({
  about: 'Holds the runs that a trigger causes',
  example: 'millrace triggers pause 0130710278502grtj9EWyT',
  operands: [TRIGGER],
  async run({ operands: { trigger: id = '' }, client }) {
    const data = await (await client()).post('/triggers/{id}/pause', { params: { path: { id } } });
    return { data, text: `Its runs wait. Back: millrace triggers resume ${id}` };
  },
});

const resume = defineCommand({
  about: 'Releases what its pause held',
  example: 'millrace triggers resume 0130710278502grtj9EWyT',
  operands: [TRIGGER],
  async run({ operands: { trigger: id = '' }, client }) {
    const data = await (await client()).post('/triggers/{id}/resume', { params: { path: { id } } });
    return { data, text: 'It causes runs again.' };
  },
});

const remove = defineCommand({
  about: 'Deletes a trigger',
  example: 'millrace triggers delete 0130710278502grtj9EWyT --yes',
  operands: [TRIGGER],
  options: { yes: { type: 'boolean', about: 'without a question' } },
  async run({ operands: { trigger: id = '' }, options, client, terminal }) {
    await confirm(terminal, `Delete the trigger ${id}?`, options.yes === true);
    await (await client()).delete('/triggers/{id}', { params: { path: { id } } });
    return { data: { id, deleted: true }, text: 'It is gone.' };
  },
});

export const verbs = { list, pause, resume, delete: remove };
