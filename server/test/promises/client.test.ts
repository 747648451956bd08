// Programs use Millrace's own API by @millrace/client: through the public port, as they do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMillraceClient, type MillraceClient, MillraceError } from '@millrace/client';
import { type Millrace, startMillrace } from './start-millrace.ts';

let millrace: Millrace;
let client: MillraceClient;

before(async () => {
  millrace = await startMillrace({ env: { MILLRACE_SANDBOX: 'none' } });
  client = createMillraceClient({ url: millrace.url, token: millrace.token });
});
after(() => millrace.close());

test('a program makes things, reads all pages of their list, and deletes them', async () => {
  const keys = ['one', 'three', 'two'];
  for (const key of keys) {
    const made = await client.post('/key-values', { body: { key, key_type: 'string', value: `of ${key}` } });
    assert.equal(made.value, `of ${key}`);
  }
  const listed: string[] = [];
  for await (const { key } of client.list('/key-values', { params: { query: { limit: 1 } } }))
    listed.push(key);
  assert.deepEqual(listed, keys);
  const gone = await client.delete('/key-values/{key}', { params: { path: { key: 'two' } } });
  assert.equal(gone, undefined);
});

test('a refusal is thrown with its code, its field and its status', async () => {
  const asked = client.post('/functions', { body: { name: '', code: { inline: '' } } });
  await assert.rejects(asked, (error: unknown) => {
    assert.ok(error instanceof MillraceError);
    assert.equal(error.status, 400);
    assert.equal(error.field, 'name');
    assert.equal(error.isOurs, false);
    return true;
  });
  const stranger = createMillraceClient({ url: millrace.url, token: 'no-token' });
  await assert.rejects(stranger.get('/runs'), { status: 401, code: 'unauthorized' });
});

test('a program goes on when the connection breaks before an answer', async () => {
  let broken = 0;
  const unlucky = createMillraceClient({
    ...{ url: millrace.url, token: millrace.token },
    fetch: (request) => {
      broken += 1;
      return broken > 2 ? fetch(request) : Promise.reject(new TypeError('fetch failed'));
    },
  });
  assert.equal((await unlucky.get('/runtimes')).data.length > 0, true);
  assert.equal(broken, 3);
});

test('a thing is made once when the answer that it was made is lost', async () => {
  let lost = 0;
  const unlucky = createMillraceClient({
    ...{ url: millrace.url, token: millrace.token },
    fetch: async (request) => {
      const answer = await fetch(request);
      lost += 1;
      if (lost === 1) throw new TypeError('fetch failed', { cause: 'ECONNRESET' });
      return answer;
    },
  });
  const made = await unlucky.post('/function-values', { body: { name: 'MADE_ONCE', value: 'x' } });
  const all = (await client.get('/function-values')).data;
  assert.deepEqual(
    all.map(({ id }) => id),
    [made.id],
  );
});
