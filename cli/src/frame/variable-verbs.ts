// The verbs of `millrace secrets` and of `millrace variables`: the same ones, of what is secret and of what
// isn't.
import { parseEnv } from 'node:util';
import { CliError } from '../cli-error.ts';
import { readSecretText } from './ask-person.ts';
import { type Command, defineCommand } from './command.ts';
import { findFunction } from './find-function.ts';
import { changeVariables, readVariables } from './function-variables.ts';
import { showTable } from './show-table.ts';

type Words = { noun: 'secrets' | 'variables'; one: string; secret: boolean };

const FUNCTION = { name: 'function', about: 'its name, or its id' } as const;
const NAME = { name: 'name', about: 'e.g. API_KEY' } as const;

export function variableVerbs({ noun, one, secret }: Words): Record<string, Command> {
  const list = defineCommand({
    about: secret ? 'Secrets of a function: their names' : 'Variables of a function; secrets without values',
    example: `millrace ${noun} list hello`,
    operands: [FUNCTION],
    async run({ operands, client, terminal }) {
      const api = await client();
      const { id, name } = await findFunction(api, operands.function ?? '');
      const all = Object.entries(await readVariables(api, id)).map(([key, kept]) => ({ name: key, ...kept }));
      const data = secret ? all.filter((kept) => kept.secret) : all;
      type Kept = (typeof data)[number];
      const columns = {
        NAME: (kept: Kept) => kept.name,
        ...(secret ? {} : { VALUE: (kept: Kept) => (kept.secret ? '(secret)' : kept.value) }),
      };
      const empty = `None. Next: millrace ${noun} set ${name} <name>`;
      return { data: { data }, text: showTable(terminal, data, columns, empty) };
    },
  });
  const set = defineCommand({
    about: `Gives a function ${one}; its next run has it. The value: by prompt, standard input or file`,
    example: `millrace ${noun} set hello API_KEY --from key.txt`,
    operands: [FUNCTION, NAME],
    options: { from: { type: 'string', value: 'file', about: 'that holds the value; - is standard input' } },
    async run({ operands, options, client, terminal }) {
      const api = await client();
      const { id, name: of } = await findFunction(api, operands.function ?? '');
      const name = operands.name ?? '';
      const value = await readSecretText(terminal, { from: options.from, question: `Value of ${name}` });
      await changeVariables(api, id, [{ name, to: { value: value.replace(/\r?\n$/, ''), secret } }]);
      return {
        data: { function_id: id, name, secret },
        text: `${name} is set: the next run of ${of} has it.`,
      };
    },
  });
  const read = defineCommand({
    about: `Sets several at once, of lines NAME=value; others stay. By standard input or file`,
    example: `millrace ${noun} import hello --from .env`,
    operands: [FUNCTION],
    options: { from: { type: 'string', value: 'file', about: 'that holds the lines; - is standard input' } },
    async run({ operands, options, client, terminal }) {
      const lines = await readSecretText(terminal, { from: options.from, question: 'Lines NAME=value' });
      const values = Object.entries(parseEnv(lines)) as [string, string][];
      if (values.length === 0) throw new CliError('no_input', 'there is no line NAME=value');
      const api = await client();
      const { id, name: of } = await findFunction(api, operands.function ?? '');
      const changes = values.map(([name, value]) => ({ name, to: { value, secret } }));
      await changeVariables(api, id, changes);
      const names = values.map(([name]) => name);
      return {
        data: { function_id: id, names, secret },
        text: `${names.join(', ')}: the next run of ${of} has them.`,
      };
    },
  });
  const rm = defineCommand({
    about: `Takes ${one} away from a function`,
    example: `millrace ${noun} rm hello API_KEY`,
    operands: [FUNCTION, NAME],
    async run({ operands, client }) {
      const api = await client();
      const { id, name: of } = await findFunction(api, operands.function ?? '');
      const name = operands.name ?? '';
      await changeVariables(api, id, [{ name, to: null }]);
      return { data: { function_id: id, name, removed: true }, text: `${of} has no ${name} any more.` };
    },
  });
  return { list, set, import: read, rm };
}
