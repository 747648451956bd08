// What a release writes: one number in every manifest and lock, a heading in the changelog; or nothing.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { release, releaseChangelog } from './release.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'millrace-release-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));

test('a release is one number in every manifest and lock, and a heading in the changelog', () => {
  const { workspaces } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const manifests = ['.', 'console', ...workspaces].map((one: string) => path.join(one, 'package.json'));
  for (const file of [
    ...manifests,
    'package-lock.json',
    'console/package-lock.json',
    'CHANGELOG.md',
    'docs/cli.md',
    'deploy/helm/millrace/Chart.yaml',
  ]) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    cpSync(path.join(ROOT, file), path.join(folder, file));
  }
  const lockBefore = read('package-lock.json');
  release(folder, '99.0.0', '2027-01-02');
  for (const file of manifests) assert.equal(read(file).version, '99.0.0', file);
  assert.equal(read('cli/package.json').dependencies['@millrace/client'], '^99.0.0');
  const lock = read('package-lock.json');
  assert.deepEqual([lock.version, lock.packages.cli.version], ['99.0.0', '99.0.0']);
  assert.deepEqual(lock.packages['node_modules/fastify'], lockBefore.packages['node_modules/fastify']);
  assert.match(
    readFileSync(path.join(folder, 'CHANGELOG.md'), 'utf8'),
    /^## Unreleased\n\n## 99\.0\.0 \(2027-01-02\)\n\n- /m,
  );
  assert.match(readFileSync(path.join(folder, 'docs/cli.md'), 'utf8'), /millrace-99\.0\.0\.tgz/);
  const chart = readFileSync(path.join(folder, 'deploy/helm/millrace/Chart.yaml'), 'utf8');
  assert.match(chart, /^version: 99\.0\.0\nappVersion: 99\.0\.0$/m);
  // The same once more: there is nothing new, and nothing is written.
  const before = readFileSync(path.join(folder, 'package.json'), 'utf8');
  assert.throws(() => release(folder, '99.0.1', '2027-01-03'), /nothing stands under/);
  assert.equal(readFileSync(path.join(folder, 'package.json'), 'utf8'), before);
  for (const wrong of ['98.0.0', '99.0.0', 'v100', '']) {
    assert.throws(() => release(folder, wrong, '2027-01-03'), /is no version after 99\.0\.0/, wrong);
  }
});

test('a changelog without a heading for what is new is refused', () => {
  assert.throws(
    () => releaseChangelog('# Changelog\n\n## 1.0.0\n\n- One\n', '1.1.0', '2027-01-02'),
    /nothing stands/,
  );
});
