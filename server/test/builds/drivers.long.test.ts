// Packages where sandboxes are built otherwise: as OCI containers, and without walls.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { noJails, startMillrace } from '../promises/start-millrace.ts';
import { answering, PackagesCustomer } from './packages-customer.ts';
import { openRegistry } from './registry.ts';

const PACKAGES = [
  {
    ...{ name: 'outer', version: '1.0.0' },
    dependencies: { inner: '1' },
    files: { 'index.js': 'module.exports = "outer of " + require("inner")' },
  },
  { name: 'inner', version: '1.0.0', files: { 'index.js': 'module.exports = "inner"' } },
  {
    ...{ name: 'modern', version: '1.0.0' },
    fields: { type: 'module', exports: './index.js' },
    files: { 'index.js': 'import inner from "inner"; export default "modern of " + inner;' },
    dependencies: { inner: '1' },
  },
];

for (const sandbox of ['oci', 'none']) {
  const skip = sandbox === 'none' ? false : noJails();
  test(`packages are built and found with MILLRACE_SANDBOX=${sandbox}`, { skip }, async () => {
    const registry = await openRegistry(PACKAGES);
    const env = { MILLRACE_SANDBOX: sandbox, MILLRACE_NPM_REGISTRY: registry.url };
    const millrace = await startMillrace({ env });
    try {
      const customer = new PackagesCustomer(millrace);
      const fn = await customer.uploadCode(
        answering('return [require("outer"), (await import("modern")).default]'),
      );
      await customer.built(fn, { outer: '1', modern: '1' });
      assert.deepEqual(await customer.answerOf(fn), ['outer of inner', 'modern of inner']);
      // Another instance, and one of a function without packages.
      await customer.settings(fn, { memory_mb: 192 });
      assert.deepEqual(await customer.answerOf(fn), ['outer of inner', 'modern of inner']);
      const without = await customer.uploadCode(
        answering('try { return require("outer") } catch (e) { return e.code }'),
      );
      assert.equal(await customer.answerOf(without), 'MODULE_NOT_FOUND');
      const missing = await customer.over(await customer.ask(without, { absent: '1' }));
      assert.match(missing.error?.message ?? '', /E404/);
    } finally {
      await millrace.stop();
      const left = path.join(millrace.dataDir, 'bundles');
      const strays = existsSync(left) ? readdirSync(left).filter((name) => name.startsWith('.incoming')) : [];
      await millrace.close();
      await registry.close();
      assert.deepEqual(strays, []);
    }
  });
}
