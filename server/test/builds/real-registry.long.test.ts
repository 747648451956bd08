// One build from the real npm registry, of packages that customers really use. Skipped where the registry
// can't be reached.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noJails, startMillrace } from '../promises/start-millrace.ts';
import { answering, PackagesCustomer } from './packages-customer.ts';

const REGISTRY = 'https://registry.npmjs.org';

async function unreachable(): Promise<string | false> {
  const ping = fetch(`${REGISTRY}/-/ping`, { signal: AbortSignal.timeout(5000) });
  return ping.then(
    ({ ok, status }) => (ok ? false : `${REGISTRY} answers ${status}`),
    (error: Error) => `${REGISTRY} can't be reached: ${error.message}`,
  );
}

const skip = noJails() || (await unreachable());

test('packages of the real registry are built and run', { skip }, async (t) => {
  const millrace = await startMillrace();
  try {
    const customer = new PackagesCustomer(millrace);
    const fn = await customer.uploadCode(
      answering(`
        const { WebClient } = require('@slack/web-api');
        const { nanoid } = await import('nanoid');
        return [require('lodash').chunk([1, 2, 3], 2), typeof require('request').get, typeof WebClient, nanoid().length];`),
    );
    const began = performance.now();
    const wanted = { '@slack/web-api': '^7', lodash: 'latest', nanoid: '^5', request: '^2.88.0' };
    const build = await customer.built(fn, wanted);
    t.diagnostic(`built in ${Math.round(performance.now() - began)} ms: ${JSON.stringify(build.resolved)}`);
    assert.deepEqual(await customer.answerOf(fn), [[[1, 2], [3]], 'function', 'function', 21]);
  } finally {
    await millrace.close();
  }
});
