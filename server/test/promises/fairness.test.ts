// What an account with a full queue does to another's single run: nothing to speak of. A real Millrace, two
// accounts, through the public port; only who was started when is read from the database. How many
// milliseconds it is: bench/durable.ts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Database } from '../../src/postgres/database.ts';
import { until } from '../until.ts';
import { Customer, type HostedFunction } from './customer.ts';
import { embeddedDatabaseOf, makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const FUNCTIONS = 4;
const EVENTS = 5_000;
const BATCH = 1_000;
const SINGLE_RUNS = 5;
/**
 * Runs of the other account that may begin between the acceptance of a single run and its own beginning: a
 * few claims of what a node can have in hand. In the order of their acceptance it would be thousands.
 */
const MOST_BEFORE = 200;
const LEFT_AT_LEAST = 5_000;

let millrace: Millrace;
let database: Database;
before(async () => {
  if (skip !== false) return;
  millrace = await startMillrace();
  database = embeddedDatabaseOf(millrace);
});
after(async () => {
  await database?.close();
  await millrace?.close();
});

function post<T>(customer: Customer, url: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return customer.json<T>(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function addFunction(customer: Customer, code: string): Promise<HostedFunction> {
  const fn = await customer.uploadCode(code, { environment: 'nodejs24.x' });
  const settings = { notations: ['order:created'] };
  await post(customer, '/millrace/v1/triggers', { function_id: fn.id, kind: 'account_event', settings });
  return fn;
}

async function publish(customer: Customer, count: number): Promise<string[]> {
  const events = Array.from({ length: count }, (_, at) => ({ type: 'order:created', item_id: `o${at}` }));
  const { data } = await post<{ data: { runs: string[] }[] }>(customer, '/millrace/v1/events', events);
  return data.flatMap(({ runs }) => runs);
}

async function count(text: string, values: unknown[]): Promise<number> {
  const [row] = await database.query<{ n: number }>(
    `select count(*) as n from all_runs where ${text}`,
    values,
  );
  return row?.n ?? 0;
}

test('a single run of an account begins after a few of another’s that has 20,000 queued', {
  skip,
}, async (t) => {
  const busy = new Customer(millrace);
  const second = await makeSecondAccount(millrace);
  const calm = new Customer(millrace, second.token);
  const single = async (): Promise<number> => {
    const [id] = await publish(calm, 1);
    await until(
      'the single run ends',
      async () => (await count(`id = $1 and status = 'succeeded'`, [id])) === 1,
    );
    return await count(
      `account_id <> $2 and started_at >= (select created_at from all_runs where id = $1)
         and started_at < (select started_at from all_runs where id = $1)`,
      [id, second.id],
    );
  };
  await addFunction(calm, 'exports.handler = async () => null;');
  assert.equal(await single(), 0);

  const code = 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 10));';
  for (let number = 0; number < FUNCTIONS; number += 1) await addFunction(busy, code);
  for (let sent = 0; sent < EVENTS; sent += BATCH) await publish(busy, BATCH);
  const of = (status: string): Promise<number> =>
    count('account_id <> $1 and status = $2', [second.id, status]);
  await until('the queue is being worked on', async () => (await of('succeeded')) > 500);

  const before: number[] = [];
  for (let number = 0; number < SINGLE_RUNS; number += 1) before.push(await single());
  const left = await of('queued');
  t.diagnostic(`${before.join(', ')} of another account's runs began before; ${left} were still queued`);
  assert.ok(left > LEFT_AT_LEAST, `only ${left} are left: nothing has been shown`);
  assert.ok(Math.max(...before) <= MOST_BEFORE, `${before.join(', ')} began before`);
});
