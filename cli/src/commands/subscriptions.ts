// `millrace subscriptions`: where events of the account are sent, a message to try it, and what was sent.
import type { Schemas } from '@millrace/client';
import { confirm, readSecretText } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { readJson } from '../frame/read-json.ts';
import { showTable } from '../frame/show-table.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

type Subscription = Schemas['Subscription'];

const SUBSCRIPTION = { name: 'subscription', about: 'its id' } as const;
const DELIVERY = { name: 'delivery', about: 'its id' } as const;

const list = defineCommand({
  about: 'Where events are sent, newest first',
  example: 'millrace subscriptions list',
  options: { type: { type: 'string', about: 'of events: those that ask for it' }, limit: LIMIT_OPTION },
  async run({ options, client, terminal }) {
    const count = readCount(options.limit);
    const { type } = options;
    const query = { limit: pageOf(count), ...(type !== undefined && { event_type: type }) };
    const data = await take((await client()).list('/subscriptions', { params: { query } }), count);
    const columns = {
      TYPE: ({ event_type }: Subscription) => event_type,
      BY: ({ method }: Subscription) => method,
      TO: ({ destination }: Subscription) => destination,
      ENABLED: ({ enabled }: Subscription) => enabled,
      ID: ({ id }: Subscription) => id,
    };
    const empty = 'None yet: millrace subscriptions create <type> <destination>';
    return { data: { data }, text: showTable(terminal, data, columns, empty) };
  },
});

const create = defineCommand({
  about: 'Sends events of a type to an address, or by e-mail. Signed, where a key is given',
  example: 'millrace subscriptions create sale.created https://shop.example/events --sign --from key.txt',
  operands: [
    { name: 'type', about: 'of events' },
    { name: 'destination', about: 'an address of HTTP, or of e-mail' },
  ],
  options: {
    description: { type: 'string', about: 'for people' },
    sign: { type: 'boolean', about: 'by Standard Webhooks; the key: by prompt, standard input or file' },
    from: { type: 'string', value: 'file', about: 'that holds the key; - is standard input' },
  },
  async run({ operands: { type = '', destination = '' }, options, client, terminal }) {
    const { sign, from, description } = options;
    const question = 'Signing key (it is not shown)';
    const key = sign === true ? (await readSecretText(terminal, { from, question })).trim() : null;
    const body = {
      ...{ event_type: type, destination },
      method: /^https?:/.test(destination) ? ('http' as const) : ('email' as const),
      ...(description !== undefined && { description }),
      ...(key !== null && { signing_key: key }),
    };
    const data = await (await client()).post('/subscriptions', { body });
    return { data, text: `Subscription ${data.id}\nNext: millrace subscriptions test ${data.id}` };
  },
});

const test = defineCommand({
  about: 'Sends an event of its type there now, and says what came back',
  example: 'millrace subscriptions test 0130710278502grtj9EWyT --data \'{"total": 20}\'',
  operands: [SUBSCRIPTION],
  options: { data: { type: 'string', short: 'd', value: 'json', about: 'of the event: JSON, @file, or @-' } },
  async run({ operands: { subscription: id = '' }, options, client }) {
    const body = options.data === undefined ? {} : { data: await readJson(options.data) };
    const data = await (await client()).post('/subscriptions/{id}/test', { params: { path: { id } }, body });
    const text = data.delivered ? `It is delivered: ${data.status ?? 'done'}` : `It failed: ${data.problem}`;
    return { data, text, exitStatus: data.delivered ? 0 : 1 };
  },
});

const remove = defineCommand({
  about: 'Deletes a subscription; what is on its way to it fails',
  example: 'millrace subscriptions delete 0130710278502grtj9EWyT --yes',
  operands: [SUBSCRIPTION],
  options: { yes: { type: 'boolean', about: 'without a question' } },
  async run({ operands: { subscription: id = '' }, options, client, terminal }) {
    await confirm(terminal, `Delete the subscription ${id}?`, options.yes === true);
    await (await client()).delete('/subscriptions/{id}', { params: { path: { id } } });
    return { data: { id, deleted: true }, text: 'It is gone.' };
  },
});

const deliveries = defineCommand({
  about: 'What was sent to subscriptions, newest first',
  example: 'millrace subscriptions deliveries --status failed',
  options: {
    subscription: { type: 'string', value: 'id', about: 'of this one only' },
    status: { type: 'string', about: 'queued, delivered, retry, failed' },
    limit: LIMIT_OPTION,
  },
  async run({ options, client, terminal }) {
    const count = readCount(options.limit);
    const { subscription, status } = options;
    const query = {
      limit: pageOf(count),
      ...(subscription !== undefined && { subscription_id: subscription }),
      ...(status !== undefined && { status: status as Schemas['Delivery']['status'] }),
    };
    const data = await take((await client()).list('/deliveries', { params: { query } }), count);
    type Delivery = (typeof data)[number];
    const columns = {
      STATUS: ({ status: how }: Delivery) => how,
      TYPE: ({ event_type }: Delivery) => event_type,
      TRIED: ({ attempts }: Delivery) => attempts,
      MADE: ({ created_at }: Delivery) => created_at,
      DELIVERY: ({ id }: Delivery) => id,
      PROBLEM: ({ problem }: Delivery) => problem,
    };
    return { data: { data }, text: showTable(terminal, data, columns, 'Nothing was sent.') };
  },
});

const retry = defineCommand({
  about: 'Sends a delivery again, from the beginning of its retries',
  example: 'millrace subscriptions retry 0130710278502grtj9EWyT',
  operands: [DELIVERY],
  async run({ operands: { delivery: id = '' }, client }) {
    const data = await (await client()).post('/deliveries/{id}/retry', { params: { path: { id } } });
    return { data, text: 'It is sent again.' };
  },
});

export const verbs = { list, create, test, delete: remove, deliveries, retry };
