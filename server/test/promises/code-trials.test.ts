// Code that isn't saved: loaded and run by Millrace's own API, without a version, without a trace in the
// function. Through the public port, with real jails.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Json, type Own, OwnCustomer } from './own-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Line = { stream: string; text: string };
type Tried = {
  run: Json & { id: string; status: string; error: { type: string } | null };
  result: unknown;
  answer: Json | null;
  logs: Line[];
};
type Loading = {
  loads: boolean;
  engine: string | null;
  error: { type: string; message: string } | null;
  logs: Line[];
};

const SLOW = 'exports.handler = () => new Promise((done) => setTimeout(done, 2000));';

describe('code that is not saved', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: OwnCustomer;
  let fn: Own;
  before(async () => {
    millrace = await startMillrace({ env: { MILLRACE_TRIALS_PER_ACCOUNT: '2' } });
    customer = new OwnCustomer(millrace);
    fn = await customer.make({
      ...{ code: { inline: 'exports.handler = async () => process.env.WHO;' }, disable_after_faults: 1 },
      variables: { WHO: 'the saved one' },
    });
  });
  after(() => millrace?.close());

  const tried = (body: Json, of = ''): Promise<Tried> =>
    customer.v1<Tried>('POST', `/functions${of}/test`, body);
  const loading = (body: Json, of = ''): Promise<Loading> =>
    customer.v1<Loading>('POST', `/functions${of}/validate`, body);
  const untouched = async () => {
    const { modified_at: _, ...now } = await customer.v1<Own>('GET', `/functions/${fn.id}`);
    return now;
  };

  test('runs once, and says what came of it', async () => {
    const inline =
      "exports.handler = async (event) => { console.log('seen', event.data.n); return event.trigger.kind; };";
    const { run, result, logs, answer } = await tried({ code: { inline }, input: { n: 7 } });
    assert.deepEqual([run.status, run.test, result, answer], ['succeeded', true, 'api_direct', null]);
    assert.match(logs.find(({ stream }) => stream === 'stdout')?.text ?? '', /seen 7$/);
    assert.ok(Number(run.duration_ms) >= 0 && Number(run.memory_peak_bytes) > 0);
    assert.equal((await customer.v1('GET', `/runs/${run.id}`)).test, true);
    const http = await tried({
      ...{
        trigger: 'function_url',
        input: { method: 'put', path: '/a', query: 'b=1', headers: { 'X-C': 'd' }, body: 'e' },
      },
      code: {
        inline: 'exports.handler = async (event) => ({ statusCode: 201, body: JSON.stringify(event) });',
      },
    });
    assert.equal(http.answer?.status, 201);
    const told = JSON.parse(String(http.answer?.body)) as Json;
    assert.deepEqual([told.rawPath, told.rawQueryString, told.body], ['/a', 'b=1', 'e']);
    const event = await tried({
      ...{ trigger: 'account_event', input: { type: 'order:created', data: { total: 3 } } },
      code: { inline: 'exports.handler = async ({ type, data }) => [type, data.total];' },
    });
    assert.deepEqual(event.result, ['order:created', 3]);
  });

  test('takes from a function what it does not bring, and leaves no mark on it', async () => {
    const before = await untouched();
    assert.equal((await tried({}, `/${fn.id}`)).result, 'the saved one');
    const inline = "exports.handler = async () => 'tried by ' + process.env.WHO;";
    assert.equal((await tried({ code: { inline } }, `/${fn.id}`)).result, 'tried by the saved one');
    const variables = { WHO: 'me' };
    assert.equal((await tried({ code: { inline }, variables }, `/${fn.id}`)).result, 'tried by me');
    const failed = await tried(
      { code: { inline: "exports.handler = async () => { throw new Error('no'); };" } },
      `/${fn.id}`,
    );
    assert.deepEqual([failed.run.status, failed.result], ['failed', null]);
    assert.deepEqual(await untouched(), before);
    assert.equal(await customer.resultOf(fn), 'the saved one');
    assert.equal(
      (await customer.v1<{ data: unknown[] }>('GET', `/functions/${fn.id}/versions`)).data.length,
      1,
    );
    const { data } = await customer.v1<{ data: Json[] }>('GET', `/functions/${fn.id}/runs`);
    assert.deepEqual(
      data.map((run) => run.test),
      [false, true, true, true, true],
    );
  });

  test('is bounded in time, memory and number', async () => {
    const endless = 'exports.handler = () => { for (;;); };';
    assert.equal((await tried({ code: { inline: endless }, timeout_ms: 300 })).run.status, 'timed_out');
    const greedy = 'exports.handler = () => { const all = []; for (;;) all.push(Buffer.alloc(1e6, 1)); };';
    assert.equal((await tried({ code: { inline: greedy }, memory_mb: 64 })).run.status, 'out_of_memory');
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => {
        const answer = await customer.request('/millrace/v1/functions/test', {
          ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
          body: JSON.stringify({ code: { inline: SLOW } }),
        });
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    assert.deepEqual(statuses.sort(), [200, 200, 429]);
  });

  test('loads or does not, and it is said why', async () => {
    const good = await loading({ code: { inline: 'exports.handler = () => {};' } });
    assert.deepEqual([good.loads, good.error], [true, null]);
    assert.match(good.engine ?? '', /^node v24/);
    const syntax = await loading({ code: { inline: 'exports.handler = () => {' } });
    assert.deepEqual([syntax.loads, syntax.error?.type], [false, 'Runtime.UserCodeSyntaxError']);
    const missing = await loading(
      { code: { inline: "console.log('loading'); require('not-there');" } },
      `/${fn.id}`,
    );
    assert.equal(missing.error?.type, 'Runtime.ImportModuleError');
    assert.match(missing.logs[0]?.text ?? '', /loading$/);
    assert.equal((await loading({}, `/${fn.id}`)).loads, true);
    await customer.v1('POST', '/functions/validate', {}, 400);
    await customer.v1('POST', '/functions/nothing/validate', {}, 404);
    await customer.v1(
      'POST',
      '/functions/test',
      { code: { inline: SLOW }, trigger: 'http', input: 'x' },
      400,
    );
  });

  test('of every other dialect is tried as that dialect runs it', async () => {
    const hosted = await customer.uploadCode('exports.handler = async () => ({ statusCode: 200 });');
    const { result } = await tried(
      { code: { inline: 'exports.handler = async (event) => JSON.parse(event.body).n;' }, input: { n: 5 } },
      `/${hosted.id}`,
    );
    assert.equal(result, 5);
  });

  test('leaves no instance behind', async () => {
    const platform = () => customer.v1<{ instances: number }>('GET', '/platform');
    // Only those of the functions themselves.
    await customer.until(platform, ({ instances }) => instances <= 2);
    const folders = () =>
      readdirSync(path.join(millrace.dataDir, 'bundles')).filter((name) => name.startsWith('.'));
    assert.deepEqual(
      folders().filter((name) => name.startsWith('.incoming')),
      [],
    );
  });
});
