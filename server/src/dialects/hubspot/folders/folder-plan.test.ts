import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { packZip } from '../../../versions/pack-zip.ts';
import { type FolderFile, type FolderPlan, planFolder } from './folder-plan.ts';
import { requiresPackages } from './preloaded-packages.ts';

function filesOf(texts: Record<string, string>): FolderFile[] {
  return Object.entries(texts).map(([name, text]) => ({ name, content: Buffer.from(text) }));
}

function planOf(
  endpoints: Record<string, unknown>,
  others: Record<string, string>,
  runtime?: string,
): FolderPlan {
  const reading = planFolder(
    filesOf({ 'serverless.json': JSON.stringify({ runtime, endpoints }), ...others }),
  );
  assert.equal(reading.kind, 'plan');
  return reading.plan;
}

describe('folder plan', () => {
  test('an endpoint is live when its file is there, and waits for it when it is not', () => {
    const plan = planOf({ a: { file: 'a.js' }, b: { file: 'lib/b.js' } }, { 'a.js': '' });
    assert.deepEqual(
      plan.endpoints.map(({ path, handler }) => [path, handler]),
      [['a', 'a.main']],
    );
    assert.deepEqual(plan.missing, [{ path: 'b', file: 'lib/b.js' }]);
  });

  test('files without serverless.json make nothing, one that can not be read is broken', () => {
    const alone = planFolder(filesOf({ 'a.js': '' }));
    assert.ok(alone.kind === 'plan' && alone.plan.endpoints.length === 0);
    assert.equal(planFolder(filesOf({ 'serverless.json': '{' })).kind, 'broken');
  });

  test('a file named without its extension is found', () => {
    assert.equal(planOf({ a: { file: './sub/a' } }, { 'sub/a.js': '' }).endpoints[0]?.handler, 'sub/a.main');
  });

  test('a file with a dot in its name gets an entry without one', () => {
    const plan = planOf({ a: { file: 'sub/a.v2.js' }, b: { file: 'sub/a.v2.js' } }, { 'sub/a.v2.js': '' });
    assert.deepEqual(
      plan.endpoints.map(({ handler }) => handler),
      ['millrace-entry-sub-a-v2.main', 'millrace-entry-sub-a-v2.main'],
    );
    const entries = plan.code.filter(({ name }) => name === 'millrace-entry-sub-a-v2.js');
    assert.deepEqual(
      entries.map(({ content }) => content.toString()),
      ['module.exports = require("./sub/a.v2.js");\n'],
    );
    const modules = planOf(
      { a: { file: 'a.v2.js' } },
      { 'a.v2.js': '', 'package.json': '{"type":"module"}' },
    );
    assert.equal(modules.code.at(-1)?.content.toString(), 'export * from "./a.v2.js";\n');
  });

  for (const [declared, runtime] of [
    ['nodejs20.x', 'nodejs20.x'],
    ['nodejs18.x', 'nodejs18.x'],
    ['NodeJS22.x', 'nodejs22.x'],
    ['nodejs10.x', 'nodejs20.x'],
    ['nodejs99.x', 'nodejs20.x'],
    [undefined, 'nodejs20.x'],
  ] as const) {
    test(`runtime ${declared} runs as ${runtime}`, () => {
      assert.equal(planOf({ a: { file: 'a.js' } }, { 'a.js': '' }, declared).runtime, runtime);
    });
  }
});

describe('folder zip', () => {
  test('the same files give the same bytes, in whatever order they come', async () => {
    const files = filesOf({ 'b.js': 'b', 'lib/a.js': 'a', 'ü.js': '' });
    const zip = await packZip(files);
    assert.deepEqual(await packZip([...files].reverse()), zip);
    const folder = mkdtempSync(path.join(tmpdir(), 'millrace-zip-'));
    writeFileSync(path.join(folder, 'f.zip'), zip);
    const text = execFileSync('unzip', ['-p', path.join(folder, 'f.zip'), 'lib/a.js'], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    assert.equal(text, 'a');
  });
});

describe('packages', () => {
  for (const [code, expected] of [
    ["const axios = require('axios')", true],
    ['import client from "@hubspot/api-client"', true],
    ['await import(`request`)', true],
    ["require('./lib/a'); require('/abs'); require('node:fs'); require('https')", false],
    ['exports.main = () => {}', false],
  ] as const) {
    test(`${code} ${expected ? 'needs' : 'needs no'} packages`, () => {
      assert.equal(requiresPackages(filesOf({ 'a.js': code })), expected);
      assert.equal(requiresPackages(filesOf({ 'a.txt': code })), false);
    });
  }
});
