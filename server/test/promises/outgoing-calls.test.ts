// A run says whom it has called, as the kernel has it, and so does its account's audit: what code says of
// itself takes no part. A real jail, a real network of the tests' own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  noTestInternet,
  openTestInternet,
  standIn,
  type TestHost,
  type TestInternet,
} from '../internet/open-test-internet.ts';
import { type Own, OwnCustomer } from './own-customer.ts';
import { type Millrace, startMillrace } from './start-millrace.ts';

const skip = noTestInternet();

type Call = {
  host: string | null;
  address: string;
  port: number;
  protocol: string;
  verdict: string;
  times: number;
  bytes_sent: number | null;
  bytes_received: number | null;
  duration_ms: number | null;
  phase: string;
  reused: boolean;
  shared: boolean;
};
type Calls = { unseen: string | null; left_out: number; incomplete: boolean; data: Call[] };
type Day = {
  function_id: string;
  verdict: string;
  address: string | null;
  host: string | null;
  calls: number;
  bytes_sent: number;
};

let internet: TestInternet;
let shop: TestHost;
let millrace: Millrace;
let customer: OwnCustomer;
let caller: Own;

/** Closes what it opens, or leaves it open; tries addresses that it may not reach. */
const CALLER = `
const http = require('node:http');
const net = require('node:net');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const get = (url, keep) => new Promise((resolve, reject) => {
  http.get(url, keep ? { agent } : { agent: false }, (answer) => {
    let size = 0;
    answer.on('data', (chunk) => { size += chunk.length; });
    answer.on('end', () => resolve(size));
  }).on('error', reject);
});
const connect = (host, port) => new Promise((resolve) => {
  const socket = net.connect({ host, port });
  socket.on('connect', () => { socket.destroy(); resolve('open'); });
  socket.on('error', (error) => resolve(error.code));
});
exports.handler = async ({ data }) => {
  if (data.get !== undefined) return await get(data.get, data.keep === true);
  if (data.connect !== undefined) {
    const outcomes = [];
    for (const [host, port] of data.connect) outcomes.push(await connect(host, port));
    return outcomes;
  }
  return 'nothing';
};`;

before(async () => {
  if (skip !== false) return;
  internet = await openTestInternet();
  shop = await internet.host('shop.test', standIn('echo'));
  millrace = await startMillrace({ env: { MILLRACE_DNS: internet.dnsAddress } });
  customer = new OwnCustomer(millrace);
  caller = await customer.make({ name: 'caller', code: { inline: CALLER } });
});
after(async () => {
  await millrace?.close();
  await internet?.close();
});

async function run(data: unknown, fn = caller): Promise<{ id: string; result: unknown }> {
  const { run: made, result } = await customer.v1<{ run: { id: string }; result: unknown }>(
    'POST',
    `/functions/${fn.id}/runs`,
    data,
  );
  return { id: made.id, result };
}

/** What the kernel says arrives in a moment; nothing says when the last of it has. */
function callsOf(id: string, isThere: (calls: Calls) => boolean): Promise<Calls> {
  return customer.until(() => customer.v1<Calls>('GET', `/runs/${id}/calls`), isThere);
}

test('a call is shown with the name that led to its address, its bytes and its time', { skip }, async () => {
  const { id } = await run({ get: 'http://shop.test/things?secret=1' });
  const { data, ...rest } = await callsOf(id, ({ data }) => data.length > 0);
  const [call] = data;
  assert.deepEqual(
    { ...call, at: null, bytes_sent: null, bytes_received: null, duration_ms: null },
    {
      ...{ at: null, attempt: 1, host: 'shop.test', address: shop.address, port: 80, protocol: 'tcp' },
      ...{ verdict: 'allowed', times: 1, bytes_sent: null, bytes_received: null, duration_ms: null },
      ...{ phase: 'run', reused: false, shared: false },
    },
  );
  assert.ok((call?.bytes_sent ?? 0) > 100 && (call?.bytes_received ?? 0) > 100, JSON.stringify(call));
  assert.deepEqual(rest, { run_id: id, unseen: null, left_out: 0, incomplete: false });
  const timeline = await customer.v1<{ calls: Call[]; calls_unseen: null }>('GET', `/runs/${id}/timeline`);
  assert.deepEqual([timeline.calls, timeline.calls_unseen], [data, null]);
});

test('what is refused is shown, too, as often as it was tried', { skip }, async () => {
  const { id, result } = await run({
    connect: [
      ['10.1.2.3', 80],
      ['10.1.2.3', 80],
      ['192.0.2.9', 53],
    ],
  });
  assert.ok(!(result as string[]).includes('open'));
  const { data } = await callsOf(id, (calls) => calls.data.reduce((sum, { times }) => sum + times, 0) >= 3);
  const seen = data.map(({ address, port, verdict, times, bytes_sent: sent }) => [
    address,
    port,
    verdict,
    times,
    sent,
  ]);
  assert.deepEqual(seen, [
    ['10.1.2.3', 80, 'refused', 2, null],
    ['192.0.2.9', 53, 'refused', 1, null],
  ]);
});

test('over a connection that an earlier run has left open, each run has its own bytes', {
  skip,
}, async () => {
  const first = await run({ get: 'http://shop.test/first', keep: true });
  await callsOf(first.id, ({ data }) => data.length > 0);
  const second = await run({ get: 'http://shop.test/second', keep: true });
  const [before] = (await callsOf(first.id, ({ data }) => data.length > 0)).data;
  const { data } = await callsOf(second.id, (calls) => calls.data.length > 0);
  assert.deepEqual([before?.reused, before?.duration_ms], [false, null]);
  assert.deepEqual(
    data.map(({ host, reused }) => [host, reused]),
    [['shop.test', true]],
  );
  assert.ok((data[0]?.bytes_received ?? 0) > 100);
});

test('a run that calls nobody has no calls, and says that nothing is missing', { skip }, async () => {
  const { id } = await run({});
  assert.deepEqual(await customer.v1('GET', `/runs/${id}/calls`), {
    ...{ run_id: id, unseen: null, left_out: 0, incomplete: false, data: [] },
  });
});

test('programs that a run starts are seen as its own code is', { skip }, async () => {
  const code = `exports.handler = async () => require('node:child_process').execFileSync('/bin/bash',
    ['-c', 'exec 3<>/dev/tcp/shop.test/80; echo -e "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3']).length;`;
  const fn = await customer.make({ name: 'shell', code: { inline: code } });
  const { id } = await run(null, fn);
  const { data } = await callsOf(id, (calls) => calls.data.length > 0);
  assert.deepEqual(
    data.map(({ host, port, verdict }) => [host, port, verdict]),
    [['shop.test', 80, 'allowed']],
  );
});

test('more calls than are kept of a run are counted', { skip }, async () => {
  const { id } = await run({ connect: Array.from({ length: 110 }, (_, at) => ['10.9.9.9', 1000 + at]) });
  const { data, left_out: leftOut } = await callsOf(id, (calls) => calls.left_out >= 10);
  assert.equal(data.length, 100);
  // The kernel answers only so many refusals a second: a packet without one is sent, and refused, again.
  assert.ok(leftOut >= 10 && leftOut < 110, `${leftOut} left out`);
});

test('the audit has every destination of a function on a day, as JSON and as CSV', { skip }, async () => {
  const read = () => customer.v1<{ data: Day[] }>('GET', `/egress/calls?function_id=${caller.id}&limit=500`);
  const { data } = await customer.until(read, (page) => page.data.length > 100);
  const [toShop] = data.filter(({ host }) => host === 'shop.test');
  assert.deepEqual([toShop?.verdict, toShop?.address, toShop?.calls], ['allowed', shop.address, 2]);
  const refused = await customer.v1<{ data: Day[] }>('GET', '/egress/calls?verdict=refused&limit=500');
  assert.equal(refused.data.find(({ address }) => address === '10.1.2.3')?.calls, 2);
  const answer = await customer.request('/millrace/v1/egress/calls?format=csv&limit=1');
  assert.match(
    await answer.text(),
    /^date,function_id,verdict,protocol,host,address,port,calls,[a-z_,]+\r\n[^\n]+\r\n$/,
  );
  const next = answer.headers.get('millrace-next');
  const second = await customer.v1<{ data: Day[] }>('GET', `/egress/calls?limit=1&after=${next}`);
  assert.equal(second.data.length, 1);
  await customer.refused('GET', '/egress/calls?after=nothing', undefined);
});

test('a function that is kept from many addresses says so ten times a day', { skip }, async () => {
  const read = () => customer.v1<{ data: { id: string }[] }>('GET', '/events?type=egress.refused&limit=100');
  const { data } = await read();
  assert.equal(data.length, 10);
  const event = await customer.v1<{ data: Record<string, unknown> }>('GET', `/events/${data.at(-1)?.id}`);
  assert.deepEqual(
    [event.data.function_id, event.data.address, event.data.port],
    [caller.id, '10.1.2.3', 80],
  );
});

test('deleting what a run was about forgets whom it called', { skip }, async () => {
  const { id } = await run({ connect: [['10.1.2.4', 80]] });
  await callsOf(id, ({ data }) => data.length === 1);
  await customer.v1('DELETE', `/runs/${id}/contents`, undefined, 204);
  assert.deepEqual((await customer.v1<Calls>('GET', `/runs/${id}/calls`)).data, []);
});

test('an account that wants none of it kept has none kept, and its runs say so', { skip }, async () => {
  const set = (records: boolean) => customer.v1('PUT', '/account/egress', { record_calls: records });
  assert.equal((await set(false)).record_calls, false);
  const { id } = await run({ connect: [['10.1.2.5', 80]] });
  const calls = await customer.v1<Calls>('GET', `/runs/${id}/calls`);
  assert.deepEqual([calls.unseen, calls.data], ['switched_off', []]);
  await customer.refused('PUT', '/account/egress', { record_calls: 'no' });
  await customer.refused('PUT', '/account/egress', {});
  await set(true);
});
