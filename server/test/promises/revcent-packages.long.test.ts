// Packages of RevCent functions, from the real registry: asked for by name, built, reached as global['name'],
// active together with the code that needs them. Through the public port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { noRealRegistry } from '../builds/real-packages.ts';
import { type Fn, type Refusal, RevcentCustomer } from './revcent-customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails() || (await noRealRegistry());

describe('packages of a RevCent function', { skip }, () => {
  let millrace: Millrace;
  let customer: RevcentCustomer;
  let fn: Fn;
  before(async () => {
    millrace = await startMillrace();
    customer = new RevcentCustomer(millrace);
  });
  after(() => millrace?.close());

  /**
   * A function body that answers what the expression is worth, and its packages as the context lists them.
   */
  const answering = (expression: string): string =>
    `callback(null, { worth: ${expression}, dependencies: context.dependencies })`;
  type Answer = { worth: unknown; dependencies: Record<string, string> };

  /**
   * A build makes its version active, and the node that calls go to hears of that: a call in this very moment
   * may meet the one before.
   */
  async function answersSoon(worth: unknown): Promise<Answer> {
    for (const giveUpAt = Date.now() + 10_000; ; await delay(20)) {
      const answer = await customer.answerOf<Answer>(fn).catch((error: unknown) => error as Error);
      if (!(answer instanceof Error) && isDeepStrictEqual(answer.worth, worth)) return answer;
      assert.ok(Date.now() < giveUpAt, JSON.stringify(answer));
    }
  }

  test('are built when it is made, and it says so until they are there', async () => {
    fn = await customer.make({
      ...{ name: 'Packed', dependencies: { lodash: 'latest', 'mailchimp-marketing': '^3' } },
      function_code: answering(
        `[global['lodash'].sum([1, 2]), typeof global['@mailchimp/mailchimp_marketing'].setConfig,
          global['mailchimp-marketing'] === global['@mailchimp/mailchimp_marketing']]`,
      ),
    });
    assert.deepEqual(Object.keys(fn.dependencies).sort(), ['@mailchimp/mailchimp_marketing', 'lodash']);
    assert.equal(fn.build.status, 'building');
    const early = await fetch(fn.function_url ?? '');
    if (early.status !== 200)
      assert.match(await early.text(), /packages of this function are not installed yet/);
    const { build } = await customer.built(fn);
    assert.equal(build.status, 'ready', JSON.stringify(build.error));
    assert.match(build.installed.lodash ?? '', /^\d+\.\d+\.\d+$/);
    const { dependencies } = await answersSoon([3, 'function', true]);
    assert.deepEqual(dependencies, build.installed);
  });

  test('that can only be imported are there all the same', async () => {
    const changed = await customer.change(fn, {
      dependencies: { lodash: 'latest', uuid: 'latest' },
      function_code: answering(`[global['uuid'].v4().length, global['lodash'].sum([2, 2])]`),
    });
    const { version, build } = await customer.built(changed);
    assert.equal(build.status, 'ready', JSON.stringify(build.error));
    assert.equal(version, 3);
    const { dependencies } = await answersSoon([36, 4]);
    assert.deepEqual(Object.keys(dependencies).sort(), ['lodash', 'uuid']);
  });

  test('that can’t be had leave the active version running, and say why', async () => {
    const changed = await customer.change(fn, {
      dependencies: { lodash: '99.99.99' },
      function_code: answering(`'the new code'`),
    });
    assert.match(changed.function_code, /the new code/);
    const { build, version } = await customer.built(changed);
    assert.equal(build.status, 'failed');
    assert.match(build.error?.message ?? '', /lodash/);
    assert.equal(version, 3);
    assert.deepEqual((await customer.answerOf<Answer>(fn)).worth, [36, 4]);
    const log = await customer.json<{ data: unknown[] }>(`/millrace/v1/builds/${build.id}/logs`);
    assert.ok(log.data.length > 0);
  });

  test('and code saved after a failed build are active together once both can be', async () => {
    const again = await customer.change(fn, { function_code: answering(`global['lodash'].VERSION`) });
    assert.equal((await customer.built(again)).build.status, 'failed');
    assert.deepEqual((await customer.answerOf<Answer>(fn)).worth, [36, 4]);
    const { build } = await customer.built(
      await customer.change(fn, { dependencies: { lodash: '4.17.21' } }),
    );
    assert.equal(build.status, 'ready', JSON.stringify(build.error));
    await answersSoon('4.17.21');
  });

  test('stay when only the code changes, which is active at once', async () => {
    const changed = await customer.change(fn, {
      function_code: answering(`'new ' + global['lodash'].VERSION`),
    });
    assert.equal(changed.build.status, 'ready');
    assert.equal((await customer.answerOf<Answer>(fn)).worth, 'new 4.17.21');
  });

  test('are shared with another function that asks for the same', async () => {
    const other = await customer.make({
      ...{ name: 'Shares', dependencies: { lodash: '4.17.21' } },
      function_code: answering(`global['lodash'].VERSION`),
    });
    assert.equal(other.build.status, 'ready');
    assert.equal((await customer.answerOf<Answer>(other)).worth, '4.17.21');
  });

  test('go when they are no longer asked for', async () => {
    const changed = await customer.change(fn, {
      dependencies: {},
      function_code: answering('typeof global.lodash'),
    });
    const { build } = await customer.built(changed);
    assert.deepEqual([build.status, build.installed], ['ready', {}]);
    assert.deepEqual(await customer.answerOf<Answer>(fn), { worth: 'undefined', dependencies: {} });
  });

  for (const [dependencies, rule] of [
    [{ lodahs: '1' }, /lodahs is not among the packages that functions may have; did you mean lodash\?/],
    [{ express: '4' }, /express is not among the packages/],
    [{ lodash: 'newest' }, /lodash: "newest" is no version/],
    [{ lodash: 5 }, /dependencies\.lodash must be text/],
  ] as const) {
    test(`are refused as ${JSON.stringify(dependencies)}, with the rule`, async () => {
      const part = { name: 'Refused', dependencies };
      assert.match((await customer.v2<Refusal>('POST', '/functions', part, 400)).message, rule);
    });
  }
});
