// What an uploaded zip may be, whichever tool made it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { buildZip, LINK, zip64End, zip64Extra } from './build-zip.ts';
import { ok, refuses, root, tree, unpack } from './unpack-fixture.ts';

describe('a zip is unpacked', () => {
  it('with its folders, bytes and plain modes', async () => {
    const zip = buildZip([
      ok,
      { name: 'lib/', mode: 0o040700 },
      { name: 'lib/a.bin', content: Buffer.from([0, 255, 10]), mode: 0o100600, stored: true },
      { name: 'bin/tool', content: '#!/bin/sh\n', mode: 0o104711 },
      { name: './dot//double.js', content: '2' },
      { name: 'empty' },
    ]);
    const dir = await unpack(zip);
    assert.deepEqual(tree(dir), [
      'bin',
      'bin/tool',
      'dot',
      'dot/double.js',
      'empty',
      'index.js',
      'lib',
      'lib/a.bin',
    ]);
    assert.deepEqual(readFileSync(path.join(dir, 'lib/a.bin')), Buffer.from([0, 255, 10]));
    const modeOf = (name: string): number => lstatSync(path.join(dir, name)).mode & 0o7777;
    assert.equal(modeOf('.'), 0o755);
    assert.equal(modeOf('lib'), 0o755);
    assert.equal(modeOf('lib/a.bin'), 0o644);
    assert.equal(modeOf('bin/tool'), 0o755, 'executable, and setuid no more');
  });

  it('with modes that do not depend on the umask', async () => {
    const former = process.umask(0o077);
    try {
      const dir = await unpack(buildZip([{ ...ok, name: 'a/index.js' }]));
      assert.equal(lstatSync(path.join(dir, 'a')).mode & 0o777, 0o755);
      assert.equal(lstatSync(path.join(dir, 'a/index.js')).mode & 0o777, 0o644);
    } finally {
      process.umask(former);
    }
  });

  it('with links that stay inside, chains of them too', async () => {
    const zip = buildZip([
      { name: 'node_modules/.bin/tool', content: '../tool/cli.js', mode: LINK },
      { name: 'node_modules/tool/cli.js', content: 'cli', mode: 0o100755 },
      { name: 'current', content: 'node_modules/tool', mode: LINK },
      { name: 'a/b/c', content: '../../current/../.bin/tool', mode: LINK },
      { name: 'dangling', content: 'not/there', mode: LINK },
    ]);
    const dir = await unpack(zip);
    assert.equal(readlinkSync(path.join(dir, 'node_modules/.bin/tool')), '../tool/cli.js');
    assert.equal(readFileSync(path.join(dir, 'a/b/c'), 'utf8'), 'cli');
  });

  it('when it was made on Windows, with backslashes and without modes', async () => {
    const zip = buildZip([
      { name: 'lib\\', host: 0, mode: null },
      { name: 'lib\\deep\\a.js', content: 'a', host: 0, mode: null },
      { name: 'index.js', content: 'b', host: 10, mode: null },
    ]);
    assert.deepEqual(tree(await unpack(zip)), ['index.js', 'lib', 'lib/deep', 'lib/deep/a.js']);
  });

  it('when it was made on macOS: data descriptors, UTF-8 names without their flag, __MACOSX', async () => {
    const zip = buildZip([
      { name: 'café.js', content: 'x', descriptor: true },
      { name: '__MACOSX/', mode: 0o040775 },
      { name: '__MACOSX/._café.js', content: 'y', descriptor: true },
    ]);
    assert.deepEqual(tree(await unpack(zip)), ['__MACOSX', '__MACOSX/._café.js', 'café.js']);
  });

  it('with names of code page 437', async () => {
    const dir = await unpack(
      buildZip([{ name: Buffer.from([0x63, 0x61, 0x66, 0x82]), content: 'x', host: 0 }]),
    );
    assert.deepEqual(tree(dir), ['café']);
  });

  it('when it is zip64, has a comment, names a folder twice, holds another zip', async () => {
    const inner = buildZip([{ name: '../../sentinel', content: 'gotcha' }]);
    const zip = buildZip(
      [
        { ...ok, central: { size: 0xffffffff }, local: { size: 0xffffffff }, extra: zip64Extra(20n) },
        { name: 'd/' },
        { name: 'd/' },
        { name: 'd/inner.zip', content: inner },
      ],
      {
        comment: 'made by hand',
        beforeEnd: (start, end) => zip64End(end, { entries: 4n, offset: BigInt(start) }),
      },
    );
    const dir = await unpack(zip);
    assert.deepEqual(tree(dir), ['d', 'd/inner.zip', 'index.js']);
    assert.deepEqual(readFileSync(path.join(dir, 'd/inner.zip')), inner);
  });

  it('with what other unpackers don’t mind: a folder "/", one that names a size, bytes behind the end', async () => {
    const parts = [
      { name: '/', mode: 0o040755 },
      ok,
      { name: 'lib/', stored: true, central: { size: 4096 }, local: { size: 4096 } },
      { name: 'lib/a.js', content: 'a' },
    ];
    for (const tail of ['', '\r\n', '\0'.repeat(5_000), 'anything']) {
      const dir = await unpack(Buffer.concat([buildZip(parts, { comment: 'mine' }), Buffer.from(tail)]));
      assert.deepEqual(tree(dir), ['index.js', 'lib', 'lib/a.js'], tail.slice(0, 9));
    }
  });

  it('not when it ends with two end records that say different things', async () => {
    const hidden = buildZip([{ name: 'other.js', content: 'x' }])
      .subarray(-22)
      .toString('latin1');
    await refuses(buildZip([ok], { comment: `${hidden}tail` }), /not a whole, well-formed zip file/);
  });

  it('when it is exactly as large as allowed', async () => {
    const parts = Array.from({ length: 100 }, (_, n) => ({ name: `f/${n}`, content: 'x'.repeat(10) }));
    assert.equal(
      tree(await unpack(buildZip(parts), { unpackedBytes: 1000, unpackedEntries: 100 })).length,
      101,
    );
    await refuses(buildZip(parts), /larger than 999 bytes/, { unpackedBytes: 999, unpackedEntries: 100 });
    await refuses(buildZip(parts), /more than 99 entries/, { unpackedBytes: 1000, unpackedEntries: 99 });
  });
});

const missing = (tool: string): string | false =>
  spawnSync('which', [tool]).status === 0 ? false : `${tool} is not installed`;

describe('a zip of a real tool is unpacked as it was packed', () => {
  const packed = (): string => {
    const source = mkdtempSync(path.join(root, 'source-'));
    mkdirSync(path.join(source, 'node_modules/.bin'), { recursive: true });
    writeFileSync(path.join(source, 'index.js'), 'exports.handler = 1;');
    writeFileSync(path.join(source, 'größe.txt'), 'x'.repeat(100_000));
    writeFileSync(path.join(source, 'node_modules/cli.js'), '#!/usr/bin/env node\n');
    chmodSync(path.join(source, 'node_modules/cli.js'), 0o755);
    symlinkSync('../cli.js', path.join(source, 'node_modules/.bin/cli'));
    return source;
  };
  const same = (one: string, other: string): void => {
    execFileSync('diff', ['-r', one, other]);
    assert.equal(lstatSync(path.join(other, 'node_modules/cli.js')).mode & 0o777, 0o755);
  };

  it('zip -r, with and without links', { skip: missing('zip') }, async () => {
    const source = packed();
    execFileSync('zip', ['-qry', '../linked.zip', '.'], { cwd: source });
    execFileSync('zip', ['-qr', '../copied.zip', '.'], { cwd: source });
    same(source, await unpack(readFileSync(path.join(source, '../linked.zip'))));
    same(source, await unpack(readFileSync(path.join(source, '../copied.zip'))));
  });

  it('python zipfile into a file and into a pipe', { skip: missing('python3') }, async () => {
    const source = packed();
    const toFile = 'import shutil, sys; shutil.make_archive(sys.argv[2], "zip", sys.argv[1])';
    execFileSync('python3', ['-c', toFile, source, path.join(source, '../python')]);
    same(source, await unpack(readFileSync(path.join(source, '../python.zip'))));
    const toPipe = `import sys, zipfile
with zipfile.ZipFile(sys.stdout.buffer, "w", zipfile.ZIP_DEFLATED) as z:
    for name in sys.argv[2:]: z.write(sys.argv[1] + "/" + name, name)`;
    const names = ['index.js', 'größe.txt', 'node_modules/cli.js', 'node_modules/.bin/cli'];
    same(source, await unpack(execFileSync('python3', ['-c', toPipe, source, ...names])));
  });
});
