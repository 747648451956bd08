// What functions of the RevCent dialect share, through the public doors: key values by API v2 and from inside
// (`global.revcent`), function values in their environment, variables of their own, and what is kept secret
// of all that.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Fn, type Refusal, RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type KeyValue = { key: string; value: string; key_type: string; updated: number; description: string };

/** Does what the body says with key values and answers what the callback got. */
const ASKS = `
  const { todo, key, value } = JSON.parse(event.data);
  const told = (error, key_value) => callback(null, { error: error && { message: error.message, code: error.code }, key_value });
  if (todo === 'get') global['revcent'].GetKeyValue(key, told);
  else global['revcent'].UpdateKeyValue(key, value, told);`;
type Told = { error: { message: string; code: string } | null; key_value?: KeyValue };

describe('values of RevCent functions', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: RevcentCustomer;
  let asking: Fn;
  before(async () => {
    millrace = await startMillrace();
    customer = new RevcentCustomer(millrace);
    asking = await customer.make({ name: 'Asks', function_code: ASKS });
  });
  after(() => millrace?.close());

  const asks = (todo: string, key: unknown, value?: unknown): Promise<Told> =>
    customer.answerOf<Told>(asking, JSON.stringify({ todo, key, value }));
  const write = (key: string, part: unknown, status = 200): Promise<KeyValue> =>
    customer.v2('POST', `/key_values/${key}`, part, status);
  const json = (method: string, body: unknown): RequestInit => ({
    ...{ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  });
  const shareValue = (name: string, value: string, encrypted: boolean): Promise<{ id: string }> =>
    customer.json('/millrace/v1/function-values', json('POST', { name, value, encrypted }));

  test('a key value is made, read, changed and listed by API v2', async () => {
    const made = await write('my_key', { value: 'Some string', description: 'for tests' });
    const nowS = Date.now() / 1000;
    assert.deepEqual([made.key, made.value, made.key_type], ['my_key', 'Some string', 'string']);
    assert.ok(Math.abs(made.updated - nowS) < 60, String(made.updated));
    await write('my_key', { value: 'Another' });
    const read = await customer.v2<KeyValue>('GET', '/key_values/my_key');
    assert.deepEqual([read.value, read.description], ['Another', 'for tests']);
    await write('another_key', { value: 5 });
    const page = await customer.v2<{ current_count: number; current_page: number; results: KeyValue[] }>(
      'GET',
      '/key_values?limit=1&page=2',
    );
    assert.deepEqual([page.current_count, page.current_page, page.results[0]?.key], [1, 2, 'my_key']);
    assert.equal(page.results[0]?.value, undefined);
  });

  for (const [key, part, rule] of [
    ['x', { value: '' }, /key: must have 2 to 100 letters/],
    ['a__b', { value: '' }, /key: must have/],
    ['new_key', {}, /value: is required for a new key/],
    ['new_key', { value: {} }, /value: must be text/],
    ['new_key', { value: 'x', key_type: 'number' }, /key_type: must be string or pointer/],
    ['new_key', { value: 'x', key_type: 'pointer' }, /pointer_type: must be one of payment_profile/],
    [
      'new_key',
      { value: 'x', key_type: 'pointer', pointer_type: 'payment_profile' },
      /there is no payment_profile of that/,
    ],
    [
      'new_key',
      { value: 'x', description: 'x'.repeat(256) },
      /description: must have at most 255 characters/,
    ],
  ] as const) {
    test(`a key value "${key}" of ${JSON.stringify(part).slice(0, 70)} is refused with the rule`, async () => {
      const refusal = await customer.v2<Refusal>('POST', `/key_values/${key}`, part, 400);
      assert.match(refusal.message, rule);
    });
  }

  test('a function gets a key value in the shape of the page', async () => {
    const { updated } = await write('page_key', { value: 'Some string' });
    const { error, key_value } = await asks('get', 'page_key');
    assert.equal(error, null);
    assert.deepEqual(key_value, { key: 'page_key', value: 'Some string', key_type: 'string', updated });
  });

  test('a function updates a key value, which everybody sees', async () => {
    await write('counter', { value: '1' });
    const { error, key_value } = await asks('update', 'counter', 'Updated string');
    assert.equal(error, null);
    assert.equal(key_value?.value, 'Updated string');
    assert.equal(key_value?.key_type, 'string');
    assert.equal((await customer.v2<KeyValue>('GET', '/key_values/counter')).value, 'Updated string');
  });

  test('a function neither gets nor makes a key that is not there', async () => {
    for (const told of [await asks('get', 'not_there'), await asks('update', 'not_there', 'x')]) {
      assert.match(told.error?.message ?? '', /there is no key value "not_there"/);
      assert.equal(told.error?.code, 'not_found');
      assert.equal(told.key_value, undefined);
    }
    await customer.v2('GET', '/key_values/not_there', undefined, 404);
  });

  test('a function gets a pointer but never changes it', async () => {
    const nodes = [
      { id: 'start', type: 'start_payment_request', next: 'end' },
      { id: 'end', type: 'result', result: 'x' },
    ];
    await customer.json('/millrace/v1/payment-profiles', json('POST', { name: 'Main profile', nodes }));
    const pointer = { value: 'Main profile', key_type: 'pointer', pointer_type: 'payment_profile' };
    await write('main_profile', pointer);
    assert.equal((await asks('get', 'main_profile')).key_value?.key_type, 'pointer');
    const { error } = await asks('update', 'main_profile', 'x');
    assert.match(error?.message ?? '', /is a pointer: a function can't change it/);
    assert.equal((await asks('get', 'main_profile')).key_value?.value, 'Main profile');
  });

  test('a value may have five megabytes, and not one byte more', async () => {
    const most = 'v'.repeat(5_000_000);
    await write('large', { value: most });
    const code = `
      global['revcent'].GetKeyValue('large', (error, { value }) => {
        if (error) return callback(error);
        global['revcent'].UpdateKeyValue('large', value.slice(1) + 'w', (error, after) => {
          if (error) return callback(error);
          global['revcent'].UpdateKeyValue('large', after.value + '!', (tooLarge) =>
            callback(null, { length: after.value.length, last: after.value.at(-1), refused: tooLarge && tooLarge.code }));
        });
      });`;
    const large = await customer.make({ name: 'Large values', function_code: code });
    assert.deepEqual(await customer.answerOf(large), {
      ...{ length: 5_000_000, last: 'w', refused: 'payload_too_large' },
    });
    await write('large', { value: `${most}!` }, 413);
    const quotes = '"'.repeat(5_000_000);
    assert.equal((await write('large', { value: quotes })).value, quotes);
  });

  test('a function value reaches functions under its name, blanks included, and a variable of the same name wins', async () => {
    await shareValue('My Value', 'shared', false);
    await shareValue('overlaid', 'shared', false);
    const code = `callback(null, [process.env['My Value'], process.env.overlaid])`;
    const variables = [{ name: 'overlaid', value: 'own' }];
    const fn = await customer.make({ name: 'Sees', function_code: code, environment_variables: variables });
    assert.deepEqual(await customer.answerOf(fn), ['shared', 'own']);
    await customer.change(fn, { environment_variables: [{ name: 'overlaid', delete: true }] });
    assert.deepEqual(await customer.answerOf(fn), ['shared', 'shared']);
  });

  test('a changed function value reaches functions within ten seconds, without a new version', async () => {
    const { id } = await shareValue('changing', 'one', false);
    const fn = await customer.make({
      name: 'Follows',
      function_code: `callback(null, [process.env.changing])`,
    });
    assert.deepEqual(await customer.answerOf(fn), ['one']);
    await customer.json(`/millrace/v1/function-values/${id}`, json('PATCH', { value: 'two' }));
    const giveUpAt = Date.now() + 10_000;
    for (;;) {
      const [seen] = await customer.answerOf<string[]>(fn);
      if (seen === 'two') break;
      assert.ok(Date.now() < giveUpAt, 'still the old value');
      await delay(20);
    }
    assert.equal((await customer.look(fn)).version, 1);
  });

  test('an encrypted value is masked in the log, the result and the error that are kept, own or shared', async () => {
    await shareValue('API Key', 'shared-hunter-2222', true);
    const variables = [{ name: 'own_secret', value: 'own-hunter-1111', encrypted: true }];
    const tells = (how: string): string =>
      `const text = process.env['API Key'] + ' ' + process.env.own_secret; console.log('it is ' + text); ${how}`;
    const fn = await customer.make({
      ...{ name: 'Tells', event_source: 'webhook', environment_variables: variables },
      function_code: tells(`callback(null, { text, length: text.length })`),
    });
    await fetch(fn.webhook_url ?? '', { method: 'POST' });
    const run = await customer.endedRun(fn);
    assert.equal(run.status, 'succeeded');
    assert.match(await customer.textOfLog(run), /it is \S+ \S+/);
    const { result } = await customer.json<{ result: { length: number } }>(
      `/millrace/v1/runs/${run.id}/result`,
    );
    assert.equal(result.length, 34);
    await customer.change(fn, { function_code: tells(`callback(text)`) });
    await fetch(fn.webhook_url ?? '', { method: 'POST' });
    const [failed] = await customer.endedRuns(fn, 2);
    assert.equal(failed?.status, 'failed');
    const seen = [await customer.textOfLog(run), JSON.stringify(result), JSON.stringify(failed)];
    for (const text of seen) assert.doesNotMatch(text, /hunter/);
  });

  test('an encrypted variable is never shown again, and stays when what is shown is sent back', async () => {
    const variables = [{ name: 'secret', value: 'hunter2hunter2', encrypted: true, description: 'a key' }];
    const code = `callback(null, [process.env.secret.length])`;
    const fn = await customer.make({
      name: 'Round trip',
      environment_variables: variables,
      function_code: code,
    });
    const { environment_variables: shown } = await customer.look(fn);
    assert.deepEqual(shown, [{ name: 'secret', value: '', encrypted: true, description: 'a key' }]);
    await customer.change(fn, { environment_variables: shown });
    assert.deepEqual(await customer.answerOf(fn), [14]);
    const path = `/functions/${fn.function_id}`;
    const unveiled = { environment_variables: [{ name: 'secret', encrypted: false }] };
    const refusal = await customer.v2<Refusal>('POST', path, unveiled, 400);
    assert.match(refusal.message, /secret: needs a new value/);
    const replaced = { environment_variables: [{ name: 'secret', value: 'open', encrypted: false }] };
    assert.equal((await customer.change(fn, replaced)).environment_variables[0]?.value, 'open');
  });

  test('changes of one function at the same time all count', async () => {
    const fn = await customer.make({
      name: 'Contended',
      function_code: `callback(null, Object.keys(process.env))`,
    });
    const names = Array.from({ length: 8 }, (_, index) => `VARIABLE_${index}`);
    await Promise.all([
      ...names.map((name) =>
        customer.change(fn, { environment_variables: [{ name, value: name, encrypted: true }] }),
      ),
      customer.change(fn, { description: 'changed' }),
      customer.change(fn, { custom_arguments: [{ name: 'size' }] }),
      customer.change(fn, { function_code: `callback(null, Object.keys(process.env).sort())` }),
    ]);
    const after = await customer.look(fn);
    assert.deepEqual(
      after.environment_variables.map(({ name, encrypted }) => [name, encrypted]).sort(),
      names.map((name) => [name, true]),
    );
    assert.match(JSON.stringify(after), /"description":"changed".*"custom_arguments":\[\{"name":"size"/);
    const seen = await customer.answerOf<string[]>(fn);
    assert.deepEqual(
      seen.filter((name) => name.startsWith('VARIABLE_')),
      names,
    );
  });

  test('a name that two ask for at the same time is one’s alone', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 6 }, () => customer.make({ name: 'Wanted', function_code: '' })),
    );
    assert.equal(asked.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of asked) if (one.status === 'rejected') assert.match(String(one.reason), /409/);
  });
});
