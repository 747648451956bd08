// `millrace keys`: key values, which functions read and write.
import { MillraceError, type Schemas } from '@millrace/client';
import { readSecretText } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

type Entry = Schemas['KeyValueEntry'];

const KEY = { name: 'key', about: 'its key' } as const;
const COLUMNS = {
  KEY: ({ key }: Entry) => key,
  TYPE: ({ key_type }: Entry) => key_type,
  BYTES: ({ bytes }: Entry) => bytes,
  CHANGED: ({ updated_at }: Entry) => updated_at,
};

const list = defineCommand({
  about: 'Key values, by their keys',
  example: 'millrace keys list',
  options: { limit: LIMIT_OPTION },
  async run({ options, client, terminal }) {
    const count = readCount(options.limit);
    const params = { query: { limit: pageOf(count) } };
    const data = await take((await client()).list('/key-values', { params }), count);
    return { data: { data }, text: showTable(terminal, data, COLUMNS, 'None yet: millrace keys set <key>') };
  },
});

const show = defineCommand({
  about: 'The text of a key value',
  example: 'millrace keys show next_number',
  operands: [KEY],
  async run({ operands: { key = '' }, client }) {
    const data = await (await client()).get('/key-values/{key}', { params: { path: { key } } });
    return { data, text: data.value };
  },
});

const set = defineCommand({
  about: 'Sets a key value. Its text: by prompt, standard input or file',
  example: 'millrace keys set next_number --from number.txt',
  operands: [KEY],
  options: { from: { type: 'string', value: 'file', about: 'that holds the text; - is standard input' } },
  async run({ operands: { key = '' }, options, client, terminal }) {
    const api = await client();
    const given = await readSecretText(terminal, { from: options.from, question: `Text of ${key}` });
    const value = given.replace(/\r?\n$/, '');
    const params = { path: { key } };
    const changed = await api.patch('/key-values/{key}', { params, body: { value } }).catch((error) => {
      if (error instanceof MillraceError && error.status === 404) return null;
      throw error;
    });
    const data = changed ?? (await api.post('/key-values', { body: { key, value } }));
    return { data, text: `${key} is set.` };
  },
});

const rm = defineCommand({
  about: 'Deletes a key value',
  example: 'millrace keys rm next_number',
  operands: [KEY],
  async run({ operands: { key = '' }, client }) {
    await (await client()).delete('/key-values/{key}', { params: { path: { key } } });
    return { data: { key, removed: true }, text: `${key} is gone.` };
  },
});

export const verbs = { list, show, set, rm };
