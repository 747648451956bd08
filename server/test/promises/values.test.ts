// What functions share: key values that they read and change while they run, and values in their environment.
// By the public doors.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Customer, type RunView } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Fn = { function_id: string; function_url: string };
type Refusal = { error: { code: string; message: string; field?: string } };
type KeyView = { key: string; value: string; key_type: string; bytes: number; updated_at: string };
type ValueView = { id: string; name: string; encrypted: boolean; value: string | null };

describe('what functions share', { skip: noJails() }, () => {
  let millrace: Millrace;
  let customer: Customer;
  before(async () => {
    millrace = await startMillrace({ env: { MILLRACE_KEY_VALUES_PER_ACCOUNT: '20' } });
    customer = new Customer(millrace);
  });
  after(() => millrace?.close());

  function send(path: string, method: string, body?: unknown): Promise<Response> {
    const init = { method, headers: { 'content-type': 'application/json' } };
    return customer.request(
      `/millrace/v1${path}`,
      body === undefined ? { method } : { ...init, body: JSON.stringify(body) },
    );
  }

  async function sent<T>(path: string, method: string, body?: unknown): Promise<T> {
    const answer = await send(path, method, body);
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return (answer.status === 204 ? null : await answer.json()) as T;
  }

  async function refused(path: string, method: string, body?: unknown): Promise<[number, string, string]> {
    const answer = await send(path, method, body);
    const { error } = (await answer.json()) as Refusal;
    return [answer.status, error.code, error.message];
  }

  let made = 0;
  async function deploy(code: string, variables: Record<string, unknown>[] = []): Promise<Fn> {
    made += 1;
    const answer = await fetch(`${millrace.url}/v2/functions`, {
      method: 'POST',
      headers: { 'x-api-key': millrace.token, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ name: `Function ${made}`, event_source: 'function_url', enabled: true },
        ...{ function_code: code, environment_variables: variables },
      }),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as Fn;
  }

  async function call<T>(fn: Fn, body = ''): Promise<T> {
    const answer = await fetch(fn.function_url, { method: 'POST', body });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return JSON.parse(text) as T;
  }

  async function lastRun(fn: Fn): Promise<RunView> {
    for (;;) {
      const { data } = await customer.json<{ data: RunView[] }>(
        `/millrace/v1/functions/${fn.function_id}/runs?limit=1`,
      );
      if (data[0] !== undefined && data[0].status !== 'running') return data[0];
    }
  }

  const READS = `global['revcent'].GetKeyValue(event.data, function (error, key_value) {
    callback(null, error ? { error: error.message } : key_value);
  });`;
  const WRITES = `const { key, value } = JSON.parse(event.data);
    global['revcent'].UpdateKeyValue(key, value, function (error, key_value) {
      callback(null, error ? { error: error.message } : key_value);
    });`;

  test('a function reads a key value as the page shows it', async () => {
    const stored = await sent<KeyView>('/key-values', 'POST', { key: 'my_key', value: 'Some string' });
    const found = await call<Record<string, unknown>>(await deploy(READS), 'my_key');
    const updated = Math.floor(Date.parse(stored.updated_at) / 1000);
    assert.deepEqual(found, { key: 'my_key', value: 'Some string', key_type: 'string', updated });
  });

  test('a function changes a string that is there, and makes none', async () => {
    await sent('/key-values', 'POST', { key: 'counter', value: 'old' });
    const writer = await deploy(WRITES);
    const written = await call<KeyView>(writer, JSON.stringify({ key: 'counter', value: 'Updated ü€' }));
    assert.deepEqual([written.key, written.value, written.key_type], ['counter', 'Updated ü€', 'string']);
    assert.equal((await sent<KeyView>('/key-values/counter', 'GET')).value, 'Updated ü€');
    const refusal = await call<{ error: string }>(writer, JSON.stringify({ key: 'nowhere', value: 'x' }));
    assert.deepEqual(refusal, { error: 'there is no key value "nowhere"' });
    assert.equal((await send('/key-values/nowhere', 'GET')).status, 404);
  });

  test('a pointer can be read by a function and not be changed', async () => {
    const pointer = {
      ...{ key: 'a_pointer', key_type: 'pointer', pointer_type: 'payment_profile', value: 'Main profile' },
    };
    assert.deepEqual(await refused('/key-values', 'POST', pointer), [
      ...[400, 'invalid_input', 'value: there is no payment_profile of that id or name'],
    ]);
    await sent('/payment-profiles', 'POST', {
      name: 'Main profile',
      nodes: [
        { id: 'start', type: 'start_payment_request', next: 'end' },
        { id: 'end', type: 'result', result: 'review' },
      ],
    });
    await sent('/key-values', 'POST', pointer);
    const found = await call<KeyView>(await deploy(READS), pointer.key);
    assert.deepEqual([found.value, found.key_type], ['Main profile', 'pointer']);
    const writer = await deploy(WRITES);
    const refusal = await call<{ error: string }>(writer, JSON.stringify({ key: pointer.key, value: 'x' }));
    assert.match(refusal.error, /^the key value "a_pointer" is a pointer/);
    assert.equal((await sent<KeyView>('/key-values/a_pointer', 'GET')).value, 'Main profile');
    const [status, code] = await refused('/key-values', 'POST', {
      key: 'p_q',
      key_type: 'pointer',
      value: 'x',
    });
    assert.deepEqual([status, code], [400, 'invalid_input']);
    const unknown = { key: 'p_q', key_type: 'pointer', pointer_type: 'customer', value: 'x' };
    assert.match((await refused('/key-values', 'POST', unknown))[2], /must be one of payment_profile/);
  });

  test('five megabytes go through a function and back, and one byte more does not', async () => {
    await sent('/key-values', 'POST', { key: 'large', value: '' });
    const fn = await deploy(`
      const value = 'x'.repeat(Number(event.data));
      (async () => {
        try {
          await global.revcent.UpdateKeyValue('large', value);
          const found = await global.revcent.GetKeyValue('large');
          callback(null, { same: found.value === value });
        } catch (error) { callback(null, { code: error.code, message: error.message }); }
      })();`);
    assert.deepEqual(await call(fn, '5000000'), { same: true });
    const message = 'value: holds 5000001 bytes, 5000000 are allowed';
    assert.deepEqual(await call(fn, '5000001'), { code: 'payload_too_large', message });
    assert.equal((await sent<KeyView>('/key-values/large', 'GET')).bytes, 5_000_000);
  });

  test('a function of another kind asks for nothing, and test and live are two worlds', async () => {
    await sent('/key-values', 'POST', { key: 'of_live', value: 'live' });
    const trusted = await customer.json<{ token: string }>('/api/v1/auths/trusted?test=true', {
      method: 'POST',
    });
    const tester = new Customer(millrace, trusted.token);
    assert.equal((await tester.request('/millrace/v1/key-values/of_live')).status, 404);
    const fn = await customer.uploadCode(
      `exports.handler = async () => ({ statusCode: 200, body: String(typeof global.revcent) });`,
    );
    assert.equal(await (await customer.call(fn)).text(), 'undefined');
  });

  test('bad keys and values are refused with their rule, and nothing is made', async () => {
    for (const key of ['a', '1a', 'a__b', `${'a'.repeat(99)}1`]) {
      const [status, code, message] = await refused('/key-values', 'POST', { key, value: 'x' });
      assert.deepEqual([status, code], [400, 'invalid_input']);
      assert.match(message, /^key: must have 2 to 100 letters/);
    }
    assert.equal((await refused('/key-values', 'POST', { key: 'no_value' }))[0], 400);
    await sent('/key-values', 'POST', { key: 'twice', value: '1' });
    assert.deepEqual((await refused('/key-values', 'POST', { key: 'twice', value: '2' })).slice(0, 2), [
      ...[409, 'conflict'],
    ]);
    assert.equal((await sent<KeyView>('/key-values/twice', 'GET')).value, '1');
  });

  test('key values are listed, changed, deleted and limited in number', async () => {
    await sent('/key-values', 'POST', { key: 'zz_last', value: 'a', description: 'why' });
    const changed = await sent<KeyView>('/key-values/zz_last', 'PATCH', { value: 'b', description: null });
    assert.equal(changed.value, 'b');
    const { data } = await sent<{ data: KeyView[] }>('/key-values?limit=500', 'GET');
    assert.ok(data.some(({ key }) => key === 'zz_last') && data.every((entry) => !('value' in entry)));
    assert.equal((await send('/key-values/zz_last', 'DELETE')).status, 204);
    assert.equal((await send('/key-values/zz_last', 'DELETE')).status, 404);
    const letters = [...'abcdefghijklmnopqrstuv'];
    const statuses = await Promise.all(
      letters.map(
        async (letter) => (await send('/key-values', 'POST', { key: `fill_${letter}`, value: '' })).status,
      ),
    );
    assert.equal(statuses.filter((status) => status === 201).length, 20 - data.length + 1);
    assert.ok(statuses.every((status) => status === 201 || status === 422));
  });

  const SHOWS = `callback(null, [process.env['My Value'] || null, process.env.token || null, process.env.own || null]);`;

  test('function values are under a function’s own variables, names with blanks included', async () => {
    const own = [{ name: 'own', value: 'its own' }];
    const fn = await deploy(SHOWS, own);
    assert.deepEqual(await call(fn), [null, null, 'its own']);
    await sent('/function-values', 'POST', { name: 'My Value', value: 'shared' });
    await sent('/function-values', 'POST', { name: 'own', value: 'hidden by its own' });
    assert.deepEqual(await call(fn), ['shared', null, 'its own']);
    assert.deepEqual(await call(await deploy(SHOWS)), ['shared', null, 'hidden by its own']);
  });

  test('a changed or deleted value reaches functions that are running, without a deploy', async () => {
    const value = await sent<ValueView>('/function-values', 'POST', { name: 'token', value: 'first' });
    const fn = await deploy(SHOWS);
    assert.equal((await call<string[]>(fn))[1], 'first');
    await sent(`/function-values/${value.id}`, 'PATCH', { value: 'second' });
    const changedAt = Date.now();
    while ((await call<string[]>(fn))[1] !== 'second') assert.ok(Date.now() - changedAt < 10_000);
    await sent(`/function-values/${value.id}`, 'DELETE');
    const deletedAt = Date.now();
    while ((await call<(string | null)[]>(fn))[1] !== null) assert.ok(Date.now() - deletedAt < 10_000);
  });

  test('an encrypted value is never shown again, and hidden in logs and errors', async () => {
    const secret = 'v3ry-s3cret-value';
    const fields = { name: 'api key', value: secret, encrypted: true };
    const value = await sent<ValueView>('/function-values', 'POST', fields);
    assert.deepEqual([value.encrypted, value.value], [true, null]);
    const { data } = await sent<{ data: ValueView[] }>('/function-values', 'GET');
    assert.ok(!JSON.stringify(data).includes(secret));
    assert.equal((await refused(`/function-values/${value.id}`, 'PATCH', { encrypted: false }))[0], 422);
    const fn = await deploy(
      `console.log('key', process.env['api key'], process.env.own);
      console.log({ nested: [process.env['api key']] });
      callback('refused with ' + process.env['api key'] + ' and ' + process.env.own);`,
      [{ name: 'own', value: 'another-secret', encrypted: true }],
    );
    await fetch(fn.function_url);
    const run = await lastRun(fn);
    assert.equal(run.error?.message, 'refused with *** and ***');
    const log = (await customer.logOf(run)).join('\n');
    assert.match(log, /\tkey \*\*\* \*\*\*/);
    assert.match(log, /nested: \[ '\*\*\*' \]/);
    assert.doesNotMatch(log, /s3cret|another-secret/);
  });

  test('an encrypted variable is hidden in what is kept of a result, and not in the answer', async () => {
    const secret = 'kept-s3cret';
    const code = `callback(null, { key: process.env.own, other: 'seen' });`;
    const fn = await deploy(code, [{ name: 'own', value: secret, encrypted: true }]);
    assert.deepEqual(await call(fn), { key: secret, other: 'seen' });
    const { id } = await lastRun(fn);
    const again = await sent<{ id: string }>(`/runs/${id}/replay`, 'POST', {});
    for (;;) {
      const run = await customer.json<RunView>(`/millrace/v1/runs/${again.id}`);
      if (run.status === 'succeeded') break;
      assert.ok(['queued', 'running'].includes(run.status), run.status);
    }
    const kept = await sent<unknown>(`/runs/${again.id}/result`, 'GET');
    assert.ok(JSON.stringify(kept).includes('"***"') && !JSON.stringify(kept).includes(secret));
  });

  test('names that are taken, reserved or impossible are refused', async () => {
    await sent('/function-values', 'POST', { name: 'taken', value: '' });
    assert.equal((await refused('/function-values', 'POST', { name: 'taken', value: '' }))[1], 'conflict');
    for (const name of ['PATH', ' a', 'a=b', '']) {
      const [status, code, message] = await refused('/function-values', 'POST', { name, value: '' });
      assert.deepEqual([status, code], [400, 'invalid_input'], message);
    }
    const tooLarge = { name: 'large', value: 'x'.repeat(32_769) };
    assert.match((await refused('/function-values', 'POST', tooLarge))[2], /32768 are allowed/);
  });
});
