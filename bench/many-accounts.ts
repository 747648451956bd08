// What many accounts cost a node: an installation with 1,000 accounts of 10 functions each
// (MILLRACE_BENCH_ACCOUNTS for another number) beside one with a single account, both made through the
// operator's API. Prints how long a start takes, what the server's memory is, and a warm call's times, in
// turns of one and the other. Called by `npm run bench -- many-accounts`.
import { readFileSync } from 'node:fs';
import { processOf } from '../server/test/promises/remains.ts';
import { type Millrace, startMillrace } from '../server/test/promises/start-millrace.ts';
import { percentile } from './durable-scene.ts';
import { leanCall } from './lean-client.ts';
import { printTable } from './table.ts';

const ACCOUNTS = Number(process.env.MILLRACE_BENCH_ACCOUNTS ?? 1_000);
const FUNCTIONS = 10;
/** Accounts that are made at a time. */
const AT_ONCE = 8;
const CALLS = 5_000;
const STARTS = 5;

type Customer = { token: string; functionIds: string[] };
type Installation = { name: string; millrace: Millrace; customers: Customer[] };

const send = async <T>(url: string, token: string, body: unknown): Promise<T> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
};

async function makeCustomer({ url, token: operator }: Millrace): Promise<Customer> {
  const accounts = `${url}/millrace/v1/operator/accounts`;
  const { id } = await send<{ id: string }>(accounts, operator, {});
  const asked = { permissions: [{ resource: '*', methods: ['*'] }] };
  const { token } = await send<{ token: string }>(`${accounts}/${id}/tokens`, operator, asked);
  const functionIds: string[] = [];
  for (let n = 0; n < FUNCTIONS; n += 1) {
    const code = { inline: `exports.handler = async () => ({ of: ${JSON.stringify(id)}, n: ${n} });` };
    functionIds.push(
      (await send<{ id: string }>(`${url}/millrace/v1/functions`, token, { name: `f${n}`, code })).id,
    );
  }
  return { token, functionIds };
}

async function fill(name: string, count: number): Promise<Installation> {
  const millrace = await startMillrace({ env: { MILLRACE_LOG_LEVEL: 'warn' } });
  const customers: Customer[] = [];
  const work = async (): Promise<void> => {
    for (; started < count; ) {
      started += 1;
      customers.push(await makeCustomer(millrace));
    }
  };
  let started = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { name, millrace, customers };
}

/** How long it takes until it answers. ms */
async function restart(installation: Installation): Promise<number> {
  const { dataDir, stop } = installation.millrace;
  await stop();
  const at = performance.now();
  installation.millrace = await startMillrace({ dataDir, env: { MILLRACE_LOG_LEVEL: 'warn' } });
  return performance.now() - at;
}

function memoryMb({ millrace }: Installation): number {
  const status = readFileSync(`/proc/${processOf(millrace, 'serve')}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

async function call({ millrace, customers }: Installation, n: number): Promise<number> {
  const { token, functionIds } = customers[n % customers.length] as Customer;
  const at = performance.now();
  await leanCall({ url: `${millrace.url}/millrace/v1/functions/${functionIds[0]}/runs`, token, body: '{}' });
  return performance.now() - at;
}

const median = (numbers: readonly number[]): number => percentile(numbers, 0.5);

const installations: Installation[] = [];
try {
  installations.push(await fill('1 account', 1), await fill(`${ACCOUNTS} accounts`, ACCOUNTS));
  const starts = installations.map(() => [] as number[]);
  for (let round = 0; round < STARTS; round += 1)
    for (const [at, one] of installations.entries()) starts[at]?.push(await restart(one));
  const afterStart = installations.map(memoryMb);
  // Every account asks for something: what a node keeps of accounts in memory is there.
  for (const one of installations)
    for (const { token } of one.customers)
      await leanCall({ url: `${one.millrace.url}/millrace/v1/functions`, token });
  const times = installations.map(() => [] as number[]);
  for (const one of installations) for (let n = 0; n < 50; n += 1) await call(one, 0);
  // Call by call, so that what else the machine does meets both alike.
  for (let n = 0; n < CALLS; n += 1)
    for (const [at, one] of installations.entries()) times[at]?.push(await call(one, 0));
  printTable(
    `${ACCOUNTS} accounts with ${FUNCTIONS} functions each`,
    installations.map((one, at) => ({
      installation: one.name,
      'start s': (median(starts[at] ?? []) / 1_000).toFixed(2),
      'memory after it MB': (afterStart[at] ?? 0).toFixed(0),
      'after every account’s request MB': memoryMb(one).toFixed(0),
      'warm call p50 ms': median(times[at] ?? []).toFixed(3),
      p99: percentile(times[at] ?? [], 0.99).toFixed(3),
    })),
  );
} finally {
  for (const { millrace } of installations) await millrace.close();
}
