// `millrace values`: variables that all functions of the account share.
import type { MillraceClient, Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { readSecretText } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, readCount, take } from '../frame/take.ts';

type Value = Schemas['FunctionValue'];

const NAME = { name: 'name', about: 'of the value' } as const;
const COLUMNS = {
  NAME: ({ name }: Value) => name,
  VALUE: ({ encrypted, value }: Value) => (encrypted ? '(secret)' : value),
  CHANGED: ({ updated_at }: Value) => updated_at,
};

async function find(client: MillraceClient, name: string): Promise<Value | null> {
  for await (const value of client.list('/function-values')) {
    if (value.name === name) return value;
  }
  return null;
}

const list = defineCommand({
  about: 'Values, by name; secret ones without their text',
  example: 'millrace values list',
  options: { limit: LIMIT_OPTION },
  async run({ options, client, terminal }) {
    const count = readCount(options.limit);
    const data = await take((await client()).list('/function-values'), count);
    return {
      data: { data },
      text: showTable(terminal, data, COLUMNS, 'None yet: millrace values set <name>'),
    };
  },
});

const show = defineCommand({
  about: 'The text of a value, unless it is secret',
  example: 'millrace values show GREETING',
  operands: [NAME],
  async run({ operands: { name = '' }, client }) {
    const data = (await find(await client(), name)) ?? noValue(name);
    return { data, text: data.encrypted ? '(secret)' : (data.value ?? '') };
  },
});

const set = defineCommand({
  about: 'Sets a value, for all functions. Its text: by prompt, standard input or file',
  example: 'millrace values set SHOP_KEY --secret --from key.txt',
  operands: [NAME],
  options: {
    from: { type: 'string', value: 'file', about: 'that holds the text; - is standard input' },
    secret: { type: 'boolean', about: 'never shown again' },
  },
  async run({ operands: { name = '' }, options, client, terminal }) {
    const api = await client();
    const kept = await find(api, name);
    const given = await readSecretText(terminal, { from: options.from, question: `Text of ${name}` });
    const fields = {
      value: given.replace(/\r?\n$/, ''),
      ...(options.secret === true && { encrypted: true }),
    };
    const data =
      kept === null
        ? await api.post('/function-values', { body: { name, ...fields } })
        : await api.patch('/function-values/{id}', { params: { path: { id: kept.id } }, body: fields });
    return { data, text: `${name} is set: the next run of every function has it.` };
  },
});

const rm = defineCommand({
  about: 'Deletes a value',
  example: 'millrace values rm SHOP_KEY',
  operands: [NAME],
  async run({ operands: { name = '' }, client }) {
    const api = await client();
    const kept = (await find(api, name)) ?? noValue(name);
    await api.delete('/function-values/{id}', { params: { path: { id: kept.id } } });
    return { data: { name, removed: true }, text: `${name} is gone.` };
  },
});

/** @throws CliError `no_value` */
function noValue(name: string): never {
  throw new CliError('no_value', `there is no value ${name}`, { next: 'millrace values list' });
}

export const verbs = { list, show, set, rm };
