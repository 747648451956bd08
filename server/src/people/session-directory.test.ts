import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newSecret } from './session-cookie.ts';
import { openSecretDirectory } from './session-directory.ts';

const HERE = '198.51.100.7';

describe('session directory', () => {
  function open(ask: () => Promise<string | null>) {
    let now = 0;
    let asked = 0;
    const directory = openSecretDirectory<string>({
      clock: () => now,
      ask: () => {
        asked += 1;
        return ask();
      },
    });
    return { directory, asked: () => asked, pass: (ms: number) => (now += ms) };
  }

  test('believes what the database said for a second, and no longer', async () => {
    let stored: string | null = 'ann';
    const { directory, asked, pass } = open(async () => stored);
    const secret = newSecret();
    const find = () => directory.find(secret, HERE);
    assert.deepEqual([await find(), await find(), asked()], ['ann', 'ann', 1]);
    stored = null;
    pass(999);
    assert.equal(await find(), 'ann');
    pass(1);
    assert.equal(await find(), null);
  });

  test('forgets at once, also what is being asked for at that moment', async () => {
    let answer: (found: string | null) => void = () => {};
    const { directory, asked } = open(() => new Promise((resolve) => (answer = resolve)));
    const secret = newSecret();
    const early = directory.find(secret, HERE);
    directory.forget();
    answer('ann');
    assert.equal(await early, 'ann', 'it was so when it was asked');
    const later = directory.find(secret, HERE);
    answer(null);
    assert.deepEqual([await later, asked()], [null, 2]);
  });

  test('asks nothing for what is no secret, and little for wrong ones of one address', async () => {
    const { directory, asked } = open(async () => null);
    assert.deepEqual([await directory.find('short', HERE), asked()], [null, 0]);
    for (let n = 0; n < 100; n += 1) await directory.find(newSecret(), HERE);
    await assert.rejects(directory.find(newSecret(), HERE), { code: 'too_many_requests' });
    assert.equal(await directory.find(newSecret(), '203.0.113.9'), null);
    assert.equal(asked(), 101);
  });
});
