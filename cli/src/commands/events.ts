// `millrace events`: account events, published and looked at.
import type { Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { readJson } from '../frame/read-json.ts';
import { showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

type Event = Schemas['Event'];

const publish = defineCommand({
  about: 'Publishes an event: triggers of its type run their functions',
  example: `millrace events publish sale.created.success --item 4711 --data '{"total": 20}'`,
  operands: [{ name: 'type', about: 'or notation' }],
  options: {
    item: { type: 'string', value: 'id', about: 'of what it happened to' },
    data: { type: 'string', short: 'd', value: 'json', about: 'JSON, @file, or @-' },
    id: { type: 'string', about: 'of yours: the same one again is the same event' },
  },
  async run({ operands: { type = '' }, options: { item, data, id }, client }) {
    const given = data === undefined ? null : await readJson(data);
    if (given !== null && (typeof given !== 'object' || Array.isArray(given))) {
      throw new CliError('usage', '--data: must be an object');
    }
    const body = {
      ...{ type, item_id: item ?? 'none', data: given as Record<string, never> | null },
      ...(id !== undefined && { id }),
    };
    const answer = await (await client()).post('/events', { body });
    const [published] = answer.data;
    if (published === undefined) return { data: answer, text: 'Nothing was published.' };
    const what = published.duplicate ? 'was there already' : 'is published';
    const text = `Event ${published.id} ${what}. Its runs: millrace events show ${published.id}`;
    return { data: published, text };
  },
});

const COLUMNS = {
  TYPE: ({ type }: Event) => type,
  ITEM: ({ item_id }: Event) => item_id,
  STATE: ({ state }: Event) => state,
  AT: ({ created_at }: Event) => created_at,
  EVENT: ({ id }: Event) => id,
};

const list = defineCommand({
  about: 'Events, newest first',
  example: 'millrace events list --type sale.created',
  options: { type: { type: 'string', about: 'of this type only' }, limit: LIMIT_OPTION },
  async run({ options: { type, limit }, client, terminal }) {
    const count = readCount(limit);
    const query = { limit: pageOf(count), ...(type !== undefined && { type }) };
    const data = await take((await client()).list('/events', { params: { query } }), count);
    return { data: { data }, text: showTable(terminal, data, COLUMNS, 'None yet: millrace events publish') };
  },
});

const show = defineCommand({
  about: 'One event, with the runs that it started',
  example: 'millrace events show 01a20357-0dc2-7ddd-a83f-f30f0b5f5767',
  operands: [{ name: 'event', about: 'its id' }],
  async run({ operands: { event: id = '' }, client }) {
    const data = await (await client()).get('/events/{id}', { params: { path: { id } } });
    return { data, text: JSON.stringify(data, null, 2) };
  },
});

export const verbs = { publish, list, show };
