// `millrace tokens`: who may do what in the account.
import type { Schemas } from '@millrace/client';
import { CliError } from '../cli-error.ts';
import { confirm } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

type Token = Schemas['Token'];
type Permission = Token['permissions'][number];

const COLUMNS = {
  NAME: ({ name }: Token) => name,
  TOKEN: ({ masked }: Token) => masked,
  MODE: ({ mode }: Token) => mode,
  USED: ({ last_used_at }: Token) => last_used_at,
  ID: ({ id }: Token) => id,
  MAY: ({ permissions }: Token) =>
    permissions.map(({ resource, methods }) => `${resource}:${methods.join('+')}`).join(' '),
};

const list = defineCommand({
  about: 'Tokens of your account and mode, newest first',
  example: 'millrace tokens list',
  options: { limit: LIMIT_OPTION },
  async run({ options, client, terminal }) {
    const count = readCount(options.limit);
    const params = { query: { limit: pageOf(count) } };
    const data = await take((await client()).list('/tokens', { params }), count);
    return { data: { data }, text: showTable(terminal, data, COLUMNS, 'None.') };
  },
});

const create = defineCommand({
  about: 'Makes a token, and shows it once',
  example: 'millrace tokens create ci --may hosted_functions:* --may triggers:*',
  operands: [{ name: 'name', about: 'for people' }],
  options: {
    may: { type: 'string', multiple: true, value: 'resource:method+method', about: '*:* if it is left out' },
    mode: { type: 'string', about: 'live or test' },
    expires: { type: 'string', value: 'time', about: 'until when it is good' },
  },
  async run({ operands: { name = '' }, options: { may, mode, expires }, client }) {
    const body = {
      ...{ name, permissions: (may ?? ['*:*']).map(readPermission) },
      ...(mode !== undefined && { mode: mode as Token['mode'] }),
      ...(expires !== undefined && { expires_at: expires }),
    };
    const data = await (await client()).post('/tokens', { body });
    return { data, text: `${data.token}\nIt isn't shown again.` };
  },
});

/** @param given e.g. `triggers:read+update` */
function readPermission(given: string): Permission {
  const [resource = '', methods = ''] = given.split(':');
  if (resource === '' || methods === '') {
    throw new CliError('usage', `--may: ${given} isn't resource:method`, {
      next: '--may triggers:read+update',
    });
  }
  return { resource, methods: methods.split('+') } as Permission;
}

const remove = defineCommand({
  about: 'Deletes a token: it is refused from the next call on',
  example: 'millrace tokens delete 0130710278502grtj9EWyT --yes',
  operands: [{ name: 'token', about: 'its id' }],
  options: { yes: { type: 'boolean', about: 'without a question' } },
  async run({ operands: { token: id = '' }, options, client, terminal }) {
    await confirm(terminal, `Delete the token ${id}?`, options.yes === true);
    await (await client()).delete('/tokens/{id}', { params: { path: { id } } });
    return { data: { id, deleted: true }, text: 'It is gone.' };
  },
});

export const verbs = { list, create, delete: remove };
