// Programs without a browser that are signed in by a person, through the public port: codes that are
// confirmed once, by people who may make tokens; refused, over, tried, asked for too often.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ConsoleClient } from './console-client.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const PERSON = { email: 'ann@example.com', name: 'Ann', password: 'correct horse battery' };

let millrace: Millrace;
let ann: ConsoleClient;

before(async () => {
  if (skip) return;
  millrace = await startMillrace({ env: { MILLRACE_TRUSTED_PROXIES: '127.0.0.1,::1' } });
  assert.equal((await post('/setup', PERSON, millrace.token)).status, 201);
  ann = new ConsoleClient(millrace);
  const { email, password } = PERSON;
  assert.equal((await ann.request('/session', { method: 'POST', body: { email, password } })).status, 200);
  const own = JSON.parse((await ann.request('/session')).body) as { accounts: { account_id: string }[] };
  ann.account = own.accounts[0]?.account_id ?? null;
});
after(() => millrace?.close());

type Answer = { status: number; headers: Headers; body: ReturnType<typeof JSON.parse> };
type Begun = { device_code: string; user_code: string; verification_uri: string; interval_s: number };

async function post(path: string, body: unknown, token?: string, from = '10.0.0.1'): Promise<Answer> {
  const answer = await fetch(`${millrace.url}/millrace/v1${path}`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', 'x-forwarded-for': from },
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
}

const begin = async (from?: string): Promise<Begun> =>
  (await post('/device-authorizations', { client: 'a laptop' }, undefined, from)).body;
const take = (device_code: string): Promise<Answer> => post('/device-authorizations/token', { device_code });
const approve = (code: string) => ann.request(`/device-authorizations/${code}/approve`, { method: 'POST' });

describe('a program without a browser', { skip }, () => {
  test('gets a token of what the person may do, once, and it is in the audit log', async () => {
    const { device_code, user_code, verification_uri } = await begin();
    assert.match(user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    assert.equal(verification_uri, `${ann.origin}/device`);
    const shown = await ann.request(`/device-authorizations/${user_code.toLowerCase()}`);
    assert.equal(JSON.parse(shown.body).client, 'a laptop');
    assert.equal((await approve(user_code)).status, 204);
    const { status, token } = (await take(device_code)).body;
    assert.equal(status, 'approved');
    const caller = await fetch(`${millrace.url}/millrace/v1/caller`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const told = (await caller.json()) as {
      user: { email: string };
      token: { name: string; expires_at: string };
    };
    assert.equal(told.user.email, PERSON.email);
    assert.equal(told.token.name, 'terminal: a laptop');
    assert.ok(Date.parse(told.token.expires_at) > Date.now() + 29 * 86_400_000);
    // Ann is the operator: the terminal isn't.
    const operating = await fetch(`${millrace.url}/millrace/v1/operator/audit`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(operating.status, 403);
    assert.equal((await take(device_code)).status, 404);
    assert.equal((await approve(user_code)).status, 404);
    const { data } = JSON.parse((await ann.request('/operator/audit?limit=20')).body) as {
      data: { action: string; address: string; after: { name: string } }[];
    };
    const made = data.find(
      ({ action, after }) => action === 'token.create' && after.name === 'terminal: a laptop',
    );
    assert.equal(made?.address, '10.0.0.1');
    assert.ok(!JSON.stringify(data).includes(token));
  });

  test('waits, is slowed down, and is told that it was refused', async () => {
    const { device_code, user_code } = await begin('10.0.0.2');
    assert.equal((await take(device_code)).body.status, 'pending');
    const early = await take(device_code);
    assert.deepEqual([early.status, early.headers.get('retry-after')], [429, '5']);
    const refused = await ann.request(`/device-authorizations/${user_code}/refuse`, { method: 'POST' });
    assert.equal(refused.status, 204);
    assert.equal((await approve(user_code)).status, 404);
  });

  test('is confirmed by people alone, in the console alone', async () => {
    const { user_code } = await begin('10.0.0.3');
    const approving = `/device-authorizations/${user_code}/approve`;
    assert.equal((await post(approving, undefined, millrace.token)).status, 403);
    assert.equal((await post(approving, undefined)).status, 401);
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const forged = await ann.request(approving, { method: 'POST', headers: foreign });
    assert.equal(forged.status, 403);
    const elsewhere = await fetch(`${millrace.url}/millrace/v1/device-authorizations/${user_code}`);
    assert.equal(elsewhere.status, 404);
  });

  test('is one of a bounded number of an address, and tries of codes are paced', async () => {
    const from = '10.0.0.4';
    const statuses: number[] = [];
    for (let count = 0; count < 21; count += 1) {
      statuses.push((await post('/device-authorizations', { client: 'x' }, undefined, from)).status);
    }
    assert.deepEqual(statuses.slice(0, 20), Array(20).fill(200));
    assert.equal(statuses[20], 429);
    const neighbours: number[] = [];
    for (let count = 0; count < 21; count += 1) {
      const one = `2001:db8:1:2::${count}`;
      neighbours.push((await post('/device-authorizations', { client: 'x' }, undefined, one)).status);
    }
    assert.deepEqual([neighbours.filter((status) => status === 200).length, neighbours[20]], [20, 429]);
    ann.address = '10.0.0.5';
    const tried = async (): Promise<number> => (await ann.request('/device-authorizations/BBBB-BBBB')).status;
    const answers: number[] = [];
    while (answers.at(-1) !== 429 && answers.length < 200) answers.push(await tried());
    assert.equal(answers.at(-1), 429);
    ann.address = null;
    for (const body of [{}, { client: '' }, { client: 'x'.repeat(101) }, { client: 'x', more: 1 }]) {
      assert.equal((await post('/device-authorizations', body, undefined, '10.0.0.6')).status, 400);
    }
  });
});
