// What a release is published as: the same bytes each time, with checksums that hold and a list of what it is
// made of.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeReleaseFiles } from './release-files.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'millrace-release-files-'));
const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
let names: string[];

before(async () => {
  names = await makeReleaseFiles(first);
  await makeReleaseFiles(second);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string) => readFileSync(path.join(first, name), 'utf8');
const find = (pattern: RegExp): string => names.find((name) => pattern.test(name)) as string;

test('made twice, a release has the same checksums, and they hold', () => {
  assert.equal(names.length, 8);
  assert.equal(read('SHA256SUMS'), readFileSync(path.join(second, 'SHA256SUMS'), 'utf8'));
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: first });
});

test('the platform’s files are those that git knows of', () => {
  const tarball = path.join(first, find(/^millrace-server-.*\.tar\.gz$/));
  const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8', maxBuffer: 1e8 }).split('\n');
  const top = path.basename(tarball, '.tar.gz');
  const files = listed.filter((name) => name !== '' && !name.endsWith('/'));
  const known = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  const there = known.filter((file) => file !== '' && existsSync(path.join(ROOT, file)));
  assert.deepEqual(files.sort(), there.map((file) => `${top}/${file}`).sort());
});

test('what it is made of is listed with versions and licences, and says nothing of the machine', () => {
  type Component = { name: string; version: string; purl: string; licenses?: unknown[] };
  for (const [list, library] of [
    ['millrace', 'fastify'],
    ['millrace-console', 'react'],
  ] as const) {
    const text = read(find(new RegExp(`^${list}-[0-9.]+\\.cdx\\.json$`)));
    const bill = JSON.parse(text) as { bomFormat: string; components: Component[] };
    assert.equal(bill.bomFormat, 'CycloneDX');
    const one = bill.components.find(({ name }) => name === library);
    assert.ok(one?.purl.startsWith(`pkg:npm/${library}@`), list);
    assert.ok((one?.licenses?.length ?? 0) > 0, list);
    assert.ok(!text.includes(ROOT), 'a path');
  }
});
