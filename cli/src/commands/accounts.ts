// `millrace accounts`: the accounts of an installation, for who operates it.
import type { Schemas } from '@millrace/client';
import { confirm } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

type Account = Schemas['ShortAccount'];

const ACCOUNT = { name: 'account', about: 'its id' } as const;
const REASON = { reason: { type: 'string', about: 'is shown to the account' } } as const;
const COLUMNS = {
  NAME: ({ name }: Account) => name,
  STATUS: ({ status }: Account) => status,
  EXTERNAL: ({ external_id }: Account) => external_id,
  MADE: ({ created_at }: Account) => created_at,
  ID: ({ id }: Account) => id,
};

const list = defineCommand({
  about: 'The accounts',
  example: 'millrace accounts list',
  options: { limit: LIMIT_OPTION },
  async run({ options, client, terminal }) {
    const count = readCount(options.limit);
    const params = { query: { limit: pageOf(count) } };
    const data = await take((await client()).list('/operator/accounts', { params }), count);
    return { data: { data }, text: showTable(terminal, data, COLUMNS, 'None.') };
  },
});

const show = defineCommand({
  about: 'One account, with its limits and what it uses of its bounds',
  example: 'millrace accounts show 0130710278502grtj9EWyT',
  operands: [ACCOUNT],
  async run({ operands: { account: id = '' }, client }) {
    const data = await (await client()).get('/operator/accounts/{id}', { params: { path: { id } } });
    return { data, text: JSON.stringify(data, null, 2) };
  },
});

const create = defineCommand({
  about: 'Makes an account, with a first token that is shown once',
  example: 'millrace accounts create "Oslo shop" --external-id shop-4711',
  operands: [{ name: 'name', about: 'for people' }],
  options: { 'external-id': { type: 'string', about: 'of yours: the same one again is the same account' } },
  async run({ operands: { name = '' }, options, client }) {
    const api = await client();
    const external = options['external-id'];
    const body = { name, ...(external !== undefined && { external_id: external }) };
    const account = await api.post('/operator/accounts', { body });
    const token = await api.post('/operator/accounts/{id}/tokens', {
      params: { path: { id: account.id } },
      body: { name: 'first', permissions: [{ resource: '*', methods: ['*'] }] },
    });
    const text = `Account ${account.id}\nToken ${token.token}\nIt isn't shown again.`;
    return { data: { account, token }, text };
  },
});

const suspend = defineCommand({
  about: 'Serves an account nothing until it is resumed',
  example: 'millrace accounts suspend 0130710278502grtj9EWyT --reason "unpaid"',
  operands: [ACCOUNT],
  options: REASON,
  async run({ operands: { account: id = '' }, options: { reason }, client }) {
    const body = reason === undefined ? {} : { reason };
    const data = await (await client()).post('/operator/accounts/{id}/suspend', {
      params: { path: { id } },
      body,
    });
    return { data, text: `It is suspended. Back: millrace accounts resume ${id}` };
  },
});

const resume = defineCommand({
  about: 'Serves a suspended account again',
  example: 'millrace accounts resume 0130710278502grtj9EWyT',
  operands: [ACCOUNT],
  async run({ operands: { account: id = '' }, client }) {
    const data = await (await client()).post('/operator/accounts/{id}/resume', { params: { path: { id } } });
    return { data, text: 'It is served again.' };
  },
});

const close = defineCommand({
  about: 'Closes an account; it is deleted when its time of grace is over',
  example: 'millrace accounts close 0130710278502grtj9EWyT --yes',
  operands: [ACCOUNT],
  options: { ...REASON, yes: { type: 'boolean', about: 'without a question' } },
  async run({ operands: { account: id = '' }, options: { reason, yes }, client, terminal }) {
    await confirm(terminal, `Close the account ${id}, and delete it later?`, yes === true);
    const body = reason === undefined ? {} : { reason };
    const data = await (await client()).post('/operator/accounts/{id}/close', {
      params: { path: { id } },
      body,
    });
    return {
      data,
      text: `It is closed, and deleted on ${data.delete_at}. Back: millrace accounts restore ${id}`,
    };
  },
});

const restore = defineCommand({
  about: 'Takes back that an account was closed',
  example: 'millrace accounts restore 0130710278502grtj9EWyT',
  operands: [ACCOUNT],
  async run({ operands: { account: id = '' }, client }) {
    const data = await (await client()).post('/operator/accounts/{id}/restore', { params: { path: { id } } });
    return { data, text: 'It is there again.' };
  },
});

export const verbs = { list, show, create, suspend, resume, close, restore };
