// Versions of functions of Millrace's own API compared, functions copied, and the second of two editors
// refused. Through the public port, with real jails.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Json, type Own, OwnCustomer } from './own-customer.ts';
import { makeSecondAccount } from './second-account.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const CODE = 'exports.handler = async () => 1;';

describe('a function of the own API', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: OwnCustomer;
  before(async () => {
    millrace = await startMillrace();
    customer = new OwnCustomer(millrace);
  });
  after(() => millrace?.close());

  test('shows what two versions differ in', async () => {
    const logo = (byte: number) => ({ base64: Buffer.from([0, byte]).toString('base64') });
    const big = (letter: string) => Array.from({ length: 9_000 }, (_, line) => `${letter}${line}`).join('\n');
    const before = {
      'index.js': `${CODE}\n// same\n`,
      'gone.js': '1\n',
      'same.js': '2\n',
      'a.bin': logo(1),
      'big.txt': big('a'),
    };
    const fn = await customer.make({ code: { files: before } });
    const after = {
      'index.js': `${CODE.replace('1', '2')}\n// same\n`,
      'new.js': '3\n',
      'same.js': '2\n',
      'a.bin': logo(2),
      'big.txt': big('b'),
    };
    await customer.v1('PUT', `/functions/${fn.id}/code`, { code: { files: after }, runtime: 'nodejs22.x' });
    type Diff = {
      files: { path: string; change: string; patch: string | null; reason: string | null }[];
      settings: Json;
    };
    const { files, settings } = await customer.v1<Diff>('GET', `/functions/${fn.id}/versions/1/diff/2`);
    assert.deepEqual(settings, { runtime: { from: 'nodejs24.x', to: 'nodejs22.x' } });
    const seen = files.map(({ path, change, reason }) => `${change} ${path} ${reason}`);
    assert.deepEqual(seen, [
      ...['changed a.bin binary', 'changed big.txt too_large', 'removed gone.js null'],
      ...['changed index.js null', 'added new.js null'],
    ]);
    const index = files.find(({ path }) => path === 'index.js');
    const lines = [`-${CODE}`, `+${CODE.replace('1', '2')}`, ' // same'];
    assert.equal(index?.patch, `--- a/index.js\n+++ b/index.js\n@@ -1,2 +1,2 @@\n${lines.join('\n')}\n`);
    assert.deepEqual((await customer.v1<Diff>('GET', `/functions/${fn.id}/versions/2/diff/2`)).files, []);
    await customer.v1('GET', `/functions/${fn.id}/versions/1/diff/9`, undefined, 404);
  });

  test('may be a program of its own, which stays one in the code that is shown', async () => {
    const lines = [
      '#!/bin/sh',
      'api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"',
      'while :; do',
      '  curl -sS -D /tmp/headers -o /tmp/event "$api/next"',
      "  id=$(grep -i lambda-runtime-aws-request-id /tmp/headers | tr -d '\\r' | cut -d' ' -f2)",
      `  curl -sS "$api/$id/response" -d '{"from": "a shell"}' > /dev/null`,
      'done',
    ];
    const files = { bootstrap: { text: `${lines.join('\n')}\n`, executable: true }, 'a.txt': 'a' };
    const fn = await customer.make({ runtime: 'provided', handler: 'any', code: { files } });
    assert.deepEqual(await customer.resultOf(fn), { from: 'a shell' });
    const shown = await customer.v1<Json>('GET', `/functions/${fn.id}/code`);
    assert.deepEqual(shown.files, files);
    await customer.v1('PUT', `/functions/${fn.id}/code`, shown);
    assert.deepEqual(await customer.resultOf(fn), { from: 'a shell' });
  });

  test('takes another handler or runtime for the code that it has', async () => {
    const files = {
      'a.js': 'exports.one = async () => process.version.split(".")[0]; exports.two = async () => 2;',
    };
    const fn = await customer.make({ code: { files }, handler: 'a.one', runtime: 'nodejs24.x' });
    const path = `/functions/${fn.id}/code`;
    const two = await customer.v1<Own>('PUT', path, { handler: 'a.two', note: 'the other one' });
    assert.deepEqual([two.version, two.build, await customer.resultOf(fn)], [2, null, 2]);
    const older = await customer.v1<Own>('PUT', path, { handler: 'a.one', runtime: 'nodejs20.x' });
    assert.deepEqual([older.version, await customer.resultOf(fn)], [3, 'v20']);
    assert.deepEqual((await customer.v1(`GET`, path)).files, files);
    assert.equal((await customer.v1('GET', `/functions/${fn.id}/versions/2`)).note, 'the other one');
    const refused = await customer.refused('PUT', path, { note: 'nothing to change' });
    assert.equal(refused.error.field, 'code');
    assert.equal((await customer.v1<Own>('GET', `/functions/${fn.id}`)).version, 3);
  });

  test('is copied with its code, settings and variables', async () => {
    const inline = 'exports.handler = async () => process.env.KEY;';
    const variables = { KEY: { value: 'hidden-key', secret: true } };
    const fn = await customer.make({ code: { inline }, variables, timeout_ms: 1234 });
    const answer = await customer.request(`/millrace/v1/functions/${fn.id}/copy`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"the copy"}' },
    });
    const copy = (await answer.json()) as Own;
    assert.equal(answer.status, 201);
    assert.equal(new URL(answer.headers.get('location') ?? '').pathname, `/millrace/v1/functions/${copy.id}`);
    assert.deepEqual([copy.name, copy.version, copy.timeout_ms], ['the copy', 1, 1234]);
    await customer.v1('DELETE', `/functions/${fn.id}`, undefined, 204);
    assert.equal(await customer.resultOf(copy), 'hidden-key');
    const shown = await customer.v1<{ variables: Json }>('GET', `/functions/${copy.id}/variables`);
    assert.deepEqual(shown.variables.KEY, { value: null, secret: true });
  });

  test('has tags, and the second of two who edit it is refused', async () => {
    const fn = await customer.make({ code: { inline: CODE }, variables: { A: '1' } });
    const at = `/millrace/v1/functions/${fn.id}`;
    const tagAt = async (path = '') => {
      const answer = await customer.request(`${at}${path}`);
      await answer.arrayBuffer();
      return answer.headers.get('etag') ?? '';
    };
    const change = async (method: string, path: string, body: unknown, tag: string) => {
      const headers = { 'content-type': 'application/json', 'if-match': tag };
      const init =
        body === undefined
          ? { method, headers: { 'if-match': tag } }
          : { method, headers, body: JSON.stringify(body) };
      const answer = await customer.request(`${at}${path}`, init);
      const text = await answer.text();
      return {
        status: answer.status,
        etag: answer.headers.get('etag'),
        code: /"code":"(\w+)"/.exec(text)?.[1],
      };
    };
    const first = await tagAt();
    assert.match(first, /^"[\w-]{27}"$/);
    assert.equal(await tagAt(), first);
    const posted = await change('POST', '/versions/1/activate', undefined, first);
    assert.deepEqual([posted.status, posted.code], [400, 'invalid_input'], 'is not passed over');
    const known = await customer.request(at, { headers: { 'if-none-match': first } });
    assert.deepEqual([known.status, await known.text()], [304, '']);
    const made = await change('PATCH', '', { description: 'mine' }, first);
    assert.deepEqual([made.status, made.etag], [200, await tagAt()]);
    const second = await change('PATCH', '', { description: 'yours' }, first);
    assert.deepEqual([second.status, second.code], [412, 'precondition_failed']);
    assert.equal((await customer.v1('GET', `/functions/${fn.id}`)).description, 'mine');
    // Of those that come at the same time, one is made.
    const tag = await tagAt();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const raced = await Promise.all(names.map((name) => change('PATCH', '', { name }, tag)));
    assert.deepEqual(raced.map(({ status }) => status).sort(), [200, 412, 412, 412, 412, 412]);
    const variables = await tagAt('/variables');
    assert.equal((await change('PUT', '/variables', { variables: { A: '2' } }, variables)).status, 200);
    assert.equal((await change('PUT', '/variables', { variables: { A: '3' } }, variables)).status, 412);
    const code = await tagAt('/code');
    const inline = 'exports.handler = async () => 2;';
    assert.equal((await change('PUT', '/code', { code: { inline } }, code)).status, 200);
    assert.equal((await change('PUT', '/code', { code: { inline: CODE } }, code)).status, 412);
    assert.equal((await change('DELETE', '', undefined, tag)).status, 412);
    assert.equal((await change('DELETE', '', undefined, '*')).status, 204);
    assert.equal((await change('DELETE', '', undefined, '*')).status, 404);
  });

  test('shows of versions that differ too much which files do', async () => {
    const lines = (seed: number) =>
      Array.from({ length: 3_000 }, (_, n) => ((n * (seed + 7) * 7_919) % 1_297).toString(36)).join('\n');
    const files = (seed: number) =>
      Object.fromEntries([
        ['index.js', CODE],
        ...Array.from({ length: 150 }, (_, n) => [`f${n}.txt`, lines(seed * 100 + n)]),
      ]);
    const fn = await customer.make({ code: { files: files(0) } });
    await customer.v1('PUT', `/functions/${fn.id}/code`, { code: { files: files(1) } });
    const shown = await customer.v1<{ files: Json[] }>('GET', `/functions/${fn.id}/versions/1/diff/2`);
    assert.equal(shown.files.length, 150);
    for (const { patch, reason } of shown.files) assert.ok(patch !== null || reason === 'too_large');
  });

  test('is changed with a tag in turn, however many changes another account sends', async () => {
    const second = new OwnCustomer(millrace, (await makeSecondAccount(millrace)).token);
    const [own, others] = [
      await second.make({ code: { inline: CODE } }),
      await customer.make({ code: { inline: CODE } }),
    ];
    const change = async (client: OwnCustomer, { id }: Own) => {
      const answer = await client.request(`/millrace/v1/functions/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'if-match': '*' },
        body: '{"description":"another"}',
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    const flood = Promise.all(Array.from({ length: 400 }, () => change(customer, others)));
    const between: number[] = [];
    for (let n = 0; n < 5; n += 1) between.push(await change(second, own));
    assert.deepEqual(between, [200, 200, 200, 200, 200]);
    // One account has so many at a time.
    assert.deepEqual(
      (await flood).filter((status) => status !== 200 && status !== 429),
      [],
    );
  });
});
