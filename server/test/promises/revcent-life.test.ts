// What the platform survives of RevCent functions, and when they run: every way to end a run or not to,
// delays, filters, allow-lists, schedules, changes of trigger, disabling; and an API that answers whatever is
// sent to it. Through the public port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunView } from './customer.ts';
import { type Fn, type Refusal, RevcentCustomer } from './revcent-customer.ts';
import { ENDINGS } from './revcent-endings.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Context = { source: Record<string, unknown>; function: { id: string }; function_run: { id: string } };

describe('a RevCent function', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: RevcentCustomer;
  let scheduled: Fn;
  before(async () => {
    millrace = await startMillrace();
    customer = new RevcentCustomer(millrace);
    scheduled = await customer.make({
      ...{ name: 'Schedule Function', event_source: 'schedule', cron_expression: '* * * * *' },
      function_code: `callback(null, { event, context })`,
    });
  });
  after(() => millrace?.close());

  const atItsUrl = (name: string, code: string): Promise<Fn> => customer.make({ name, function_code: code });
  const resultOf = async <T>(run: RunView): Promise<T> =>
    (await customer.json<{ result: T }>(`/millrace/v1/runs/${run.id}/result`)).result;

  for (const [does, code, status, told] of ENDINGS) {
    test(`that ${does} has ${status}`, async () => {
      const answer = await fetch((await atItsUrl(`It ${does}`, code)).function_url ?? '');
      const text = await answer.text();
      const run = await customer.runOf(answer);
      assert.match(run.status, new RegExp(`^(${status})$`), JSON.stringify(run.error));
      assert.equal(answer.status, status === 'succeeded' ? 200 : 500);
      assert.match(run.error?.message ?? text, told);
    });
  }

  test('that hangs is ended at its time limit', async () => {
    const fn = await atItsUrl('Hangs', `setInterval(() => {}, 10)`);
    await customer.settings({ id: fn.function_id, invokeUrl: '' }, { timeout_ms: 1_000 });
    const answer = await fetch(fn.function_url ?? '');
    assert.equal(answer.status, 504);
    assert.equal((await customer.runOf(answer)).status, 'timed_out');
  });

  test('sees the lines of its own code in its errors', async () => {
    const code = `// the first line\nfunction deep() {\n  throw new Error('here');\n}\nsetTimeout(() => {\n  deep();\n}, 1);`;
    const answer = await fetch((await atItsUrl('Lines', code)).function_url ?? '');
    const { error } = await customer.runOf(answer);
    assert.match(error?.stack ?? '', /function\.js:3:9\b[\s\S]*function\.js:6:3\b/);
  });

  test('that can’t be parsed is disabled at once, with the reason, until its owner enables it', async () => {
    const fn = await atItsUrl('Broken', `const a = 1;\nlet b = ;`);
    assert.deepEqual([fn.warnings?.[0]?.line, fn.warnings?.[0]?.column], [2, 9]);
    const answer = await fetch(fn.function_url ?? '');
    assert.equal(answer.status, 500);
    const run = await customer.runOf(answer);
    assert.match(run.error?.stack ?? '', /function\.js:2/);
    const after = await customer.look(fn);
    assert.equal(after.enabled, false);
    assert.match(after.disabled_reason ?? '', /can not be loaded: .*SyntaxError/);
    assert.equal((await fetch(fn.function_url ?? '')).status, 403);
    const mended = await customer.change(fn, { function_code: `callback(null, 'well')`, enabled: true });
    assert.deepEqual([mended.enabled, mended.disabled_reason], [true, null]);
    assert.equal(await (await fetch(fn.function_url ?? '')).text(), 'well');
  });

  test('is disabled after ten faults in a row', async () => {
    const fn = await atItsUrl('Faulty', `if (event.data === 'well') callback(null, 'well')`);
    const call = (body: string): Promise<Response> => fetch(fn.function_url ?? '', { method: 'POST', body });
    for (let round = 0; round < 9; round += 1) await call('fail');
    // What is written behind the answers is counted as it comes to the end of its log.
    await customer.endedRuns(fn, 9);
    await call('well');
    await customer.endedRuns(fn, 10);
    for (let round = 0; round < 9; round += 1) await call('fail');
    assert.equal((await customer.endedRuns(fn, 19)).length, 19);
    assert.equal((await customer.look(fn)).enabled, true);
    await customer.runOf(await call('fail'));
    const after = await customer.look(fn);
    assert.equal(after.enabled, false);
    assert.match(after.disabled_reason ?? '', /10/);
  });

  test('is told of an account event what the page says', async () => {
    const fn = await customer.make({
      ...{
        name: 'Account Event Function',
        event_source: 'account_event',
        event_filter: ['sale.created.success'],
      },
      function_code: `callback(null, { event, context })`,
    });
    const date = '2022-05-26T17:28:28.598Z';
    await customer.happens('sale.created.success', {
      id: 'vE0Wk9omQPHRo5RMRXvK',
      date,
      data: { amount_gross: 5 },
    });
    const told = await resultOf<{ event: unknown; context: Context }>(await customer.endedRun(fn));
    assert.deepEqual(told.event, {
      data: {
        ...{ event_date: date, event_id: 'vE0Wk9omQPHRo5RMRXvK', event_trigger: 'sale.created.success' },
        event_notations: ['sale.created.success', 'sale.created'],
        ...{ item_type: 'sale', item_id: 'nbO1jv0On1ukzvdg1lNz', item_event: 'created' },
        item_details: { amount_gross: 5 },
      },
    });
    const { id } = told.context.function_run;
    assert.match(id, /^[0-9A-Za-z]{20}$/);
    assert.deepEqual(told.context, {
      source: { id: 'vE0Wk9omQPHRo5RMRXvK', name: 'Account Event', trigger: 'account_event' },
      function: { id: fn.function_id, name: 'Account Event Function' },
      function_run: { id },
      dependencies: {},
    });
  });

  test('is told of a webhook what the page says', async () => {
    const fn = await customer.make({
      ...{ name: 'Webhook Function', event_source: 'webhook' },
      function_code: `callback(null, { event, context })`,
    });
    const body = '{"test": "webhooktest"}';
    const headers = { 'content-type': 'application/json', 'x-shop': 'a' };
    await fetch(`${fn.webhook_url}?a=1`, { method: 'POST', body, headers });
    const { event, context } = await resultOf<{ event: unknown; context: Context }>(
      await customer.endedRun(fn),
    );
    assert.deepEqual(event, { data: body });
    const { id, ip_address: ip, headers: seen, ...source } = context.source;
    assert.match(String(id), /^[0-9A-Za-z]{20}$/);
    assert.notEqual(id, fn.function_id);
    assert.match(String(ip), /^(127\.0\.0\.1|::1)$/);
    assert.equal((seen as Record<string, string>)['x-shop'], 'a');
    assert.deepEqual(source, {
      ...{ name: 'Webhook Function', trigger: 'webhook', method: 'POST', content_type: 'application/json' },
      url_params: { a: '1' },
    });
    assert.equal((await fetch(fn.webhook_url ?? '')).status, 405);
  });

  test('hears only of the campaigns and shops that it names', async () => {
    const fn = await customer.make({
      ...{ name: 'Filters', event_source: 'account_event', event_filter: ['customer.created'] },
      ...{ campaign_filter: ['summer', 'winter'], shop_filter: ['shop one'] },
      function_code: `callback(null, event.data.item_details.about)`,
    });
    const happens = (about: string, where: Record<string, string>): Promise<string[]> =>
      customer.happens('customer.created', { ...where, data: { about } });
    assert.equal((await happens('nothing', {})).length, 0);
    assert.equal((await happens('no shop', { campaign: 'summer' })).length, 0);
    assert.equal((await happens('another campaign', { campaign: 'spring', shop: 'shop one' })).length, 0);
    assert.equal((await happens('both', { campaign: 'winter', shop: 'shop one' })).length, 1);
    assert.equal(await resultOf(await customer.endedRun(fn)), 'both');
    await customer.change(fn, { campaign_filter: [], shop_filter: [] });
    assert.equal((await happens('nothing', {})).length, 1);
  });

  test('may be delayed, by both spellings of an import file, from 5 minutes to 48 hours', async () => {
    const file = { name: 'Delayed', trigger: 'webhook', function_code: 'callback(null)' };
    const timing = { option: 'delay', time_unit: 'hours', time_value: 2 };
    for (const spelling of ['timing', 'timing_options']) {
      const imported = { ...file, name: `Delayed by ${spelling}`, [spelling]: timing };
      const fn = await customer.v2<Fn>('POST', '/functions/import', imported);
      await customer.change(fn, { enabled: true });
      const answer = await fetch(fn.webhook_url ?? '', { method: 'POST' });
      assert.deepEqual(await answer.json(), { result: 'OK' });
      const id = answer.headers.get('x-run-id');
      const run = await customer.json<{ status: string; created_at: string; due_at: string }>(
        `/millrace/v1/runs/${id}`,
      );
      assert.equal(run.status, 'queued');
      const delayMs = Date.parse(run.due_at) - Date.parse(run.created_at);
      assert.ok(Math.abs(delayMs - 7_200_000) < 5_000, String(delayMs));
    }
    for (const wrong of [
      { time_unit: 'minutes', time_value: 4 },
      { time_unit: 'days', time_value: 3 },
      { time_unit: 'years' },
    ]) {
      const part = { ...file, event_source: 'webhook', timing: { option: 'delay', ...wrong } };
      assert.match((await customer.v2<Refusal>('POST', '/functions', part, 400)).message, /timing/);
    }
  });

  test('answers only to the addresses that it names, at its webhook too', async () => {
    const fn = await customer.make({
      ...{ name: 'Restricted', event_source: 'webhook', function_code: 'callback(null)' },
      ...{ ip_restricted: true, ip_whitelist: ['198.51.100.9'] },
    });
    const url = (fn.webhook_url ?? '').replace('localhost', '127.0.0.1');
    assert.equal((await fetch(url, { method: 'POST' })).status, 403);
    await customer.change(fn, { ip_whitelist: ['198.51.100.9', '127.0.0.1'] });
    assert.equal((await fetch(url, { method: 'POST' })).status, 200);
    const range = { ip_whitelist: ['10.0.0.0/8'] };
    const refusal = await customer.v2<Refusal>('POST', `/functions/${fn.function_id}`, range, 400);
    assert.match(refusal.message, /ranges are not supported/);
  });

  test('keeps its addresses when its trigger changes and comes back', async () => {
    const fn = await atItsUrl('Changes', `callback(null, [context.source.trigger])`);
    const hooked = await customer.change(fn, { event_source: 'webhook' });
    assert.ok(hooked.webhook_url);
    assert.equal((await fetch(fn.function_url ?? '')).status, 403);
    const back = await customer.change(fn, { event_source: 'function_url' });
    assert.deepEqual([back.function_url, back.webhook_url], [fn.function_url, hooked.webhook_url]);
    assert.deepEqual(await customer.answerOf(back), ['function_url']);
    assert.equal((await fetch(hooked.webhook_url ?? '', { method: 'POST' })).status, 403);
  });

  test('runs for nobody while it is disabled', async () => {
    const fn = await atItsUrl('Switched', `callback(null, [1])`);
    assert.equal((await customer.change(fn, { enabled: false })).enabled, false);
    assert.equal((await fetch(fn.function_url ?? '')).status, 403);
    await customer.change(fn, { enabled: true });
    assert.deepEqual(await customer.answerOf(fn), [1]);
  });

  test('has a schedule that is validated with its next five runs', async () => {
    const validate = (part: unknown, status = 200): Promise<Refusal & { next_runs: string[] }> =>
      customer.v2('POST', '/functions/validate_cron', part, status);
    const { next_runs: next } = await validate({ cron_expression: '0 8 * * *', cron_timezone: 'US/Eastern' });
    assert.equal(next.length, 5);
    for (const at of next) assert.match(at, /T1[23]:00:00\.000Z$/);
    assert.match((await validate({ cron_expression: '@daily' }, 400)).message, /@ syntax is not supported/);
    assert.match(
      (await validate({ cron_expression: '* * * * *', cron_timezone: 'Mars' }, 400)).message,
      /cron_timezone/,
    );
    const part = { name: 'No schedule', event_source: 'schedule' };
    assert.match(
      (await customer.v2<Refusal>('POST', '/functions', part, 400)).message,
      /cron_expression is required/,
    );
  });

  test('is told of its schedule what the page says', async () => {
    const run = await customer.endedRun(scheduled);
    const { event, context } = await resultOf<{ event: unknown; context: Context }>(run);
    assert.deepEqual(event, { data: '' });
    const itself = { id: scheduled.function_id, name: 'Schedule Function' };
    assert.deepEqual(context.source, { ...itself, trigger: 'schedule' });
    assert.deepEqual(context.function, itself);
    const { cause } = await customer.json<{ cause: { schedule: string } }>(`/millrace/v1/runs/${run.id}`);
    assert.equal(cause.schedule, 'Schedule Function');
  });

  describe('asked for by API v2', () => {
    const HOSTILE: [what: string, body: string, rule: RegExp][] = [
      ['nothing', '', /name|object/],
      ['null', 'null', /name|object/],
      ['a list', '[]', /name|object/],
      ['a number', '5', /name|object/],
      ['half an object', '{"name": ', /JSON/],
      ['NUL in a name', '{"name": "a\\u0000b"}', /name/],
      ['half a surrogate pair', '{"name": "a", "function_code": "\\ud800"}', /function_code/],
      [
        'a name of lists',
        `{"name": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
        /must not be nested deeper than 128 levels/,
      ],
      ['a prototype', '{"name": "a", "__proto__": {"x": 1}}', /__proto__|name/],
      ['words for booleans', '{"name": "a", "enabled": "yes"}', /enabled must be true or false/],
      [
        'an unknown trigger',
        '{"name": "a", "event_source": "moon"}',
        /event_source must be account_event or/,
      ],
      [
        'a wrong notation',
        '{"name": "a", "event_source": "account_event", "event_filter": ["sale created"]}',
        /event_filter/,
      ],
      ['a package by address', '{"name": "a", "dependencies": {"lodash": "git://x"}}', /lodash.*no version/],
      ['a path for a package', '{"name": "a", "dependencies": {"../lodash": "1"}}', /no name of a package/],
      [
        'a variable of the platform',
        '{"name": "a", "environment_variables": [{"name": "PATH", "value": ""}]}',
        /PATH/,
      ],
      [
        'a variable with =',
        '{"name": "a", "environment_variables": [{"name": "a=b", "value": ""}]}',
        /must not contain =/,
      ],
      [
        'a name twice',
        '{"name": "a", "custom_arguments": [{"name": "x"}, {"name": "x"}]}',
        /name each argument once/,
      ],
    ];
    for (const [what, body, rule] of HOSTILE) {
      test(`with ${what} is refused with the rule`, async () => {
        for (const path of ['/functions', '/functions/import']) {
          const refusal = await customer.v2<Refusal>('POST', path, body, 400);
          if (path === '/functions') assert.match(refusal.message, rule);
        }
      });
    }

    test('with everything wrong is told everything at once', async () => {
      const wrong = {
        enabled: 1,
        ip_whitelist: ['x'],
        cron_expression: '@x',
        event_filter: 'y',
        timing: { option: 'z' },
      };
      const { error } = await customer.v2<Refusal>('POST', '/functions/import', wrong, 400);
      const fields = error.problems?.map(({ field }) => field).sort();
      assert.deepEqual(fields, [
        ...['cron_expression', 'enabled', 'event_filter', 'function_code', 'ip_whitelist.0', 'name'],
        ...['timing.option', 'trigger'],
      ]);
    });

    test('whose code is nested beyond reading is made, and warned about', async () => {
      const made = await atItsUrl('Deep', `callback(${'['.repeat(200_000)}`);
      assert.equal(made.warnings?.length, 1);
    });

    test('is nowhere under an id that is none, and pages begin at 1', async () => {
      for (const path of ['/functions/nobody', '/functions/%00', `/functions/${'x'.repeat(90)}`]) {
        await customer.v2('GET', path, undefined, 404);
      }
      for (const query of ['limit=0', 'limit=26', 'limit=x', 'page=0', 'page=1e99', 'limit=1&limit=2']) {
        await customer.v2('GET', `/functions?${query}`, undefined, 400);
      }
    });

    test('in too large a request is refused before it is read', async () => {
      await customer.v2('POST', '/functions', `{"name": "${'x'.repeat(7_000_000)}"}`, 413);
    });

    test('by nobody, or by another method, is refused in the envelope', async () => {
      const url = `${millrace.url}/v2/functions`;
      for (const [init, status] of [
        [{}, 401],
        [{ headers: { 'x-api-key': 'nobody' } }, 401],
        [{ method: 'DELETE' }, 405],
      ] as const) {
        const answer = await fetch(url, init);
        assert.equal(answer.status, status);
        assert.equal(((await answer.json()) as { code: number }).code, 0);
      }
    });
  });
});
