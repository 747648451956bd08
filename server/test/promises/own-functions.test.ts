// Functions that Millrace's own API makes: code in every form and convention, what they get and how they
// answer, their code and variables read and changed. Through the public port, with real jails.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openRegistry, type Registry } from '../builds/registry.ts';
import { zipOf } from './customer.ts';
import { type Json, type Own, OwnCustomer } from './own-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const ECHO = 'exports.handler = async (event, context) => ({ event, runId: context.awsRequestId });';
const CODE = 'exports.handler = async () => 1;';

describe('a function of the own API', { skip: noJails() }, () => {
  let registry: Registry;
  let millrace: Millrace;
  let customer: OwnCustomer;
  before(async () => {
    registry = await openRegistry([
      {
        name: 'greeter',
        version: '1.2.3',
        files: { 'index.js': "exports.greet = (name) => 'Hello, ' + name;" },
      },
    ]);
    millrace = await startMillrace({ env: { MILLRACE_NPM_REGISTRY: registry.url } });
    customer = new OwnCustomer(millrace);
  });
  after(async () => {
    await millrace?.close();
    await registry?.close();
  });

  const form = (settings: Json, zip: Buffer): RequestInit => {
    const body = new FormData();
    body.set('settings', JSON.stringify(settings));
    body.set('code', new Blob([new Uint8Array(zip)]), 'shop.zip');
    return { method: 'POST', body };
  };

  test('that goes on for a moment behind its answer is shown as it ended', async () => {
    const inline = `exports.handler = async (event, sendResponse) => {
      sendResponse({ statusCode: 200, body: 'early' });
      await new Promise((resolve) => setTimeout(resolve, 500));
    };`;
    const code = { code: { inline }, convention: 'respond' };
    const { id } = await customer.make(code);
    const called = await customer.v1<{ run: Json }>('POST', `/functions/${id}/runs`, {});
    assert.equal(called.run.status, 'succeeded');
    const tried = await customer.v1<{ run: Json }>('POST', '/functions/test', code);
    assert.equal(tried.run.status, 'succeeded');
  });

  test('is made of inline code, files or a zip, and says where it is', async () => {
    const answer = await customer.request('/millrace/v1/functions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'first', code: { inline: CODE }, note: 'the first', timeout_ms: 5000 }),
    });
    assert.equal(answer.status, 201);
    const fn = (await answer.json()) as Own;
    assert.equal(new URL(answer.headers.get('location') ?? '').pathname, `/millrace/v1/functions/${fn.id}`);
    const { dialect, handler, runtime, convention, version, timeout_ms, build } = fn;
    assert.deepEqual(
      { dialect, handler, runtime, convention, version, timeout_ms, build },
      {
        ...{ dialect: 'millrace', handler: 'index.handler', runtime: 'nodejs24.x', convention: 'handler' },
        ...{ version: 1, timeout_ms: 5000, build: null },
      },
    );
    assert.equal(await customer.resultOf(fn), 1);
    const [only] = (await customer.v1<{ data: Json[] }>('GET', `/functions/${fn.id}/versions`)).data;
    assert.equal(only?.note, 'the first');
    assert.match(String(only?.made_by), /^\w+$/);

    const files = {
      'index.js': "exports.handler = async () => require('./lib/two');",
      'lib/two.js': 'module.exports = 2;',
    };
    assert.equal(await customer.resultOf(await customer.make({ code: { files } })), 2);
    const zip = zipOf({ 'shop.js': 'exports.run = async () => 3;' });
    const zipped = await customer.make({ handler: 'shop.run', code: { zip: zip.toString('base64') } });
    assert.equal(await customer.resultOf(zipped), 3);
    const uploaded = await customer.json<Own>(
      '/millrace/v1/functions',
      form({ name: 'uploaded', handler: 'shop.run', runtime: 'nodejs24.x' }, zip),
    );
    assert.equal(await customer.resultOf(uploaded), 3);
  });

  test('gets a call as a Lambda function URL does, and answers as one', async () => {
    const fn = await customer.make({ code: { inline: ECHO } });
    const url = await customer.urlOf(fn);
    const answer = await fetch(`${url}?a=1&a=2&b=x%20y`, {
      method: 'POST',
      headers: { cookie: 'c=1; d=2', 'X-Mine': 'yes', 'content-type': 'text/plain' },
      body: 'hällo',
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    const { event } = (await answer.json()) as { event: Json & { headers: Json; requestContext: Json } };
    assert.equal(event.version, '2.0');
    assert.equal(event.rawQueryString, 'a=1&a=2&b=x%20y');
    assert.deepEqual(event.queryStringParameters, { a: '1,2', b: 'x y' });
    assert.deepEqual(event.cookies, ['c=1', 'd=2']);
    assert.equal(event.headers['x-mine'], 'yes');
    assert.equal(event.body, 'hällo');
    assert.equal(event.isBase64Encoded, false);
    const {
      http,
      requestId,
      millrace: ours,
    } = event.requestContext as { http: Json; requestId: string; millrace: Json };
    assert.equal(http.method, 'POST');
    assert.equal(requestId, answer.headers.get('x-run-id'));
    assert.equal(ours.mode, 'live');
    const bytes = await fetch(url, { method: 'POST', body: new Uint8Array([0xff, 0]) });
    const binary = ((await bytes.json()) as { event: Json }).event;
    assert.deepEqual([binary.body, binary.isBase64Encoded], ['/wA=', true]);

    const answers = `exports.handler = async ({ queryStringParameters: { of } }) => ({
      response: { statusCode: 201, headers: { 'X-Of': 'me' }, cookies: ['a=1', 'b=2'], body: 'aGk=', isBase64Encoded: true },
      text: 'hi', list: [1], nothing: undefined, wrong: { statusCode: 200, body: { a: 1 } },
    })[of];`;
    const answering = await customer.urlOf(await customer.make({ code: { inline: answers } }));
    const of = (what: string) => fetch(`${answering}?of=${what}`);
    const response = await of('response');
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('x-of'), 'me');
    assert.equal(await response.text(), 'hi');
    const said: [string, number, string][] = [
      ['text', 200, '"hi"'],
      ['list', 200, '[1]'],
      ['nothing', 200, 'null'],
    ];
    for (const [what, status, body] of said) {
      const one = await of(what);
      assert.deepEqual([one.status, await one.text()], [status, body], what);
    }
    const wrong = await of('wrong');
    assert.equal(wrong.status, 502);
    const run = await customer.runOf(wrong);
    assert.equal(run.error?.type, 'Function.MalformedResponse');
  });

  test('gets everything else in one envelope', async () => {
    const fn = await customer.make({ code: { inline: ECHO } });
    const { event, runId } = await customer.resultOf<{ event: Json; runId: string }>(fn, { n: 7 });
    const { time, ...rest } = event;
    assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000);
    assert.deepEqual(rest, {
      ...{ id: runId, type: 'api_direct', data: { n: 7 }, account: rest.account, mode: 'live' },
      function: { id: fn.id, name: 'own', version: 1 },
      run: { id: runId, attempt: 1 },
      trigger: { kind: 'api_direct', id: null, name: null },
    });
    assert.equal(typeof rest.account, 'string');
    await customer.v1(
      'POST',
      '/triggers',
      { function_id: fn.id, kind: 'account_event', settings: { notations: ['order:created'] } },
      201,
    );
    const published = { type: 'order:created', id: 'ev-1', item_id: 'OR1', data: { total: 3 } };
    await customer.v1('POST', '/events', published, 202);
    const runs = await customer.until(
      () => customer.v1<{ data: Json[] }>('GET', `/runs?function_id=${fn.id}&trigger=account_event`),
      ({ data }) => data[0]?.status === 'succeeded',
    );
    const { result } = await customer.v1<{ result: { event: Json } }>(
      'GET',
      `/runs/${runs.data[0]?.id}/result`,
    );
    const { id, type, data, trigger } = result.event as Json & { trigger: Json };
    assert.deepEqual(
      { id, type, data, kind: trigger.kind },
      {
        ...{ id: 'ev-1', type: 'order:created', data: { total: 3 }, kind: 'account_event' },
      },
    );
  });

  test('may be a body, a handler with sendResponse, or in Python', async () => {
    const body = await customer.make({
      convention: 'body',
      code: {
        inline: 'callback(null, { data: event.data, run: context.run.id, name: context.function.name });',
      },
    });
    assert.equal(body.handler, 'function.js');
    const given = await customer.resultOf<{ data: unknown; name: string }>(body, 'x');
    assert.deepEqual([given.data, given.name], ['x', 'own']);
    const respond = await customer.make({
      convention: 'respond',
      code: {
        inline:
          "exports.handler = (event, send) => send({ statusCode: 202, body: { path: event.rawPath }, headers: { 'x-a': 'b' } });",
      },
    });
    const answer = await fetch(await customer.urlOf(respond), { method: 'POST' });
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.get('x-a'), 'b');
    assert.match(((await answer.json()) as { path: string }).path, /^\/fn\//);
    const { data: runtimes } = await customer.v1<{
      data: { code: string; language: string; problem: string | null }[];
    }>('GET', '/runtimes');
    const python = runtimes.find(({ language, problem }) => language === 'python' && problem === null);
    assert.ok(python, 'the tests have a Python');
    const inline = 'def handler(event, context):\n    return {"double": event["data"] * 2}\n';
    const fn = await customer.make({ runtime: python.code, code: { inline } });
    assert.deepEqual(await customer.resultOf(fn, 21), { double: 42 });
    const { error } = await customer.refused('POST', '/functions', {
      ...{ name: 'a', runtime: python.code, convention: 'body', code: { inline } },
    });
    assert.equal(error.field, 'convention');
  });

  test('shows its code, of every version, and takes back what it has shown', async () => {
    const logo = Buffer.from([0x89, 0, 0xff]).toString('base64');
    const files = { 'index.js': CODE, 'logo.png': { base64: logo } };
    const fn = await customer.make({ code: { files } });
    const shown = await customer.v1<Json>('GET', `/functions/${fn.id}/code`);
    assert.deepEqual(shown, { version: 1, files });
    const second = { ...files, 'index.js': 'exports.handler = async () => 2;' };
    const changed = await customer.v1<Own>('PUT', `/functions/${fn.id}/code`, {
      ...shown,
      files: second,
      note: 'two',
    });
    assert.deepEqual([changed.version, changed.build], [2, null]);
    assert.equal(await customer.resultOf(fn), 2);
    assert.deepEqual(await customer.v1('GET', `/functions/${fn.id}/versions/1/code`), shown);
    const answer = await customer.request(`/millrace/v1/functions/${fn.id}/versions/2/code`, {
      headers: { accept: 'application/zip' },
    });
    assert.equal(answer.headers.get('content-type'), 'application/zip');
    const again = await customer.json<Own>(`/millrace/v1/functions/${fn.id}/code`, {
      ...{ method: 'PUT', headers: { 'content-type': 'application/zip' }, body: await answer.arrayBuffer() },
    });
    assert.equal(again.version, 3);
    assert.deepEqual((await customer.v1('GET', `/functions/${fn.id}/code`)).files, second);
    const noted = await customer.v1('PATCH', `/functions/${fn.id}/versions/3`, { note: 'sent back' });
    assert.equal(noted.note, 'sent back');
    assert.equal((await customer.v1('GET', `/functions/${fn.id}/versions/3`)).note, 'sent back');
    await customer.v1('GET', `/functions/${fn.id}/versions/9`, undefined, 404);
    await customer.v1('PATCH', `/functions/${fn.id}/versions/9`, { note: 'x' }, 404);
    assert.equal((await customer.v1<Own>('POST', `/functions/${fn.id}/versions/1/activate`)).version, 1);
    assert.equal(await customer.resultOf(fn), 1);
  });

  test('has variables, and what is secret is never shown again', async () => {
    const inline = 'exports.handler = async () => [process.env.OPEN, process.env.KEY];';
    const variables = { OPEN: 'a', KEY: { value: 'hidden-key', secret: true } };
    const fn = await customer.make({ code: { inline }, variables });
    const shown = { variables: { OPEN: { value: 'a', secret: false }, KEY: { value: null, secret: true } } };
    assert.deepEqual(await customer.v1('GET', `/functions/${fn.id}/variables`), shown);
    const run = () => customer.v1<{ result: unknown[] }>('POST', `/functions/${fn.id}/runs`, null);
    assert.deepEqual((await run()).result, ['a', 'hidden-key']);
    // Sent back as it was shown, but for one value.
    const changed = { variables: { ...shown.variables, OPEN: 'b' } };
    const put = (body: unknown, status = 200) =>
      customer.v1('PUT', `/functions/${fn.id}/variables`, body, status);
    assert.equal(((await put(changed)).variables as typeof shown.variables).OPEN.value, 'b');
    assert.deepEqual((await run()).result, ['b', 'hidden-key']);
    await put({ variables: { KEY: { value: null, secret: false } } }, 400);
    await put({ variables: { NEW: { value: null } } }, 400);
    await put({ variables: { AWS_REGION: 'x' } }, 400);
    await put({ variables: { OPEN: 'x'.repeat(70_000) } }, 400);
    await put({ variables: {} });
    assert.deepEqual((await run()).result, [null, null]);
  });

  test('waits for its packages, and has the code and them together', async () => {
    const inline = "exports.handler = async () => require('greeter').greet('Ann');";
    const fn = await customer.make({ code: { inline }, dependencies: { greeter: '^1' } });
    assert.ok(fn.build !== null);
    const ready = (id: string) =>
      customer.until(
        () => customer.v1<Own>('GET', `/functions/${id}`),
        ({ dependencies }) => Object.keys(dependencies as Json).length > 0,
      );
    const built = await ready(fn.id);
    assert.deepEqual([built.enabled, built.dependencies], [true, { greeter: '1.2.3' }]);
    assert.equal(await customer.resultOf(fn), 'Hello, Ann');
    const next = await customer.v1<Own>('PUT', `/functions/${fn.id}/code`, {
      code: { inline: inline.replace('Ann', 'Bob') },
    });
    assert.equal(next.build, null);
    assert.equal(await customer.resultOf(fn), 'Hello, Bob');
    const bare = await customer.v1<Own>('PUT', `/functions/${fn.id}/code`, {
      code: { inline: CODE },
      dependencies: {},
    });
    assert.deepEqual(bare.dependencies, {});
    const canary = await customer.v1<Own>('PUT', `/functions/${fn.id}/code`, {
      ...{ canary_percent: 100, dependencies: { greeter: '^1' } },
      code: { inline: `${inline}\n// as a canary` },
    });
    assert.equal(canary.version, bare.version);
    const split = await customer.until(
      () => customer.v1<Own & { canary: object | null }>('GET', `/functions/${fn.id}`),
      (now) => now.canary !== null,
    );
    assert.deepEqual(
      [split.version, split.canary],
      [bare.version, { version: bare.version + 1, percent: 100, sticky_header: null }],
    );
    const missing = await customer.make({ code: { inline }, dependencies: { 'not-there-at-all': '1.0.0' } });
    const failed = await customer.until(
      () => customer.v1<{ data: { status: string }[] }>('GET', `/functions/${missing.id}/builds`),
      ({ data }) => data[0]?.status === 'failed',
    );
    assert.equal(failed.data.length, 1);
    assert.equal((await customer.v1<Own>('GET', `/functions/${missing.id}`)).enabled, false);
  });

  test('says what is wrong, and leaves nothing of it', async () => {
    const count = async () =>
      (await customer.v1<{ data: unknown[] }>('GET', '/functions?limit=500')).data.length;
    const before = await count();
    const wrong: [Json, string][] = [
      [{ code: { inline: CODE } }, 'name'],
      [{ name: 'a' }, 'code'],
      [{ name: 'a', code: {} }, 'code'],
      [{ name: 'a', code: { inline: CODE, zip: '' } }, 'code'],
      [{ name: 'a', code: { zip: '*' } }, 'code.zip'],
      [{ name: 'a', code: { files: {} } }, 'code.files'],
      [{ name: 'a', code: { files: manyFiles(5001) } }, 'code.files'],
      [{ name: 'a', code: { files: { '../a.js': CODE } } }, 'code.files'],
      [{ name: 'a', code: { files: { 'a.js': CODE, 'a.js/b.js': CODE } } }, 'file'],
      [{ name: 'a', code: { inline: CODE }, runtime: 'cobol' }, 'runtime'],
      [{ name: 'a', code: { inline: CODE }, runtime: 'provided' }, 'code.inline'],
      [{ name: 'a', code: { inline: CODE }, memory_mb: 1 }, 'memory_mb'],
      [{ name: 'a', code: { inline: CODE }, concurrency: 2, reuse: 'none' }, 'concurrency'],
      [{ name: 'a', code: { inline: CODE }, dependencies: { greeter: 'git+ssh://x' } }, 'dependencies'],
      [{ name: 'a', code: { inline: CODE }, variables: { 'a b': '' } }, 'variables'],
      [{ name: 'a', code: { inline: CODE }, handlr: 'x' }, 'handlr'],
    ];
    for (const [body, field] of wrong) {
      const { error } = await customer.refused('POST', '/functions', body);
      assert.equal(error.field ?? '', field, error.message);
    }
    const zip = zipOf({ 'index.js': CODE });
    const two = form({ name: 'a' }, zip);
    (two.body as FormData).set('other', new Blob(['x']), 'x.zip');
    for (const init of [
      two,
      form({ handler: 'index.handler' }, zip),
      form({ name: 'a', runtime: 'cobol' }, zip),
    ])
      assert.equal((await customer.request('/millrace/v1/functions', init)).status, 400);
    const elsewhere = await customer.request('/millrace/v1/triggers', form({ name: 'a' }, zip));
    assert.equal(elsewhere.status, 415);
    assert.equal(await count(), before);
  });

  test('of another dialect shows its code, which its own API changes', async () => {
    const fn = await customer.uploadCode(CODE);
    assert.deepEqual((await customer.v1('GET', `/functions/${fn.id}/code`)).files, { 'index.js': CODE });
    await customer.v1('PUT', `/functions/${fn.id}/code`, { code: { inline: CODE } }, 422);
    await customer.v1('GET', `/functions/${fn.id}/variables`, undefined, 422);
  });
});

function manyFiles(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.js`, '']));
}
