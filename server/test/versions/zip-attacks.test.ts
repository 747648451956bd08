// What an uploaded zip may not be: every refusal names its reason and leaves nothing on disk.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { Failure } from '../../src/errors/failure.ts';
import { buildZip, LINK, type Part, type ZipOptions, zip64End, zip64Extra } from './build-zip.ts';
import { folders, ok, refuses, root, SENTINEL, unpack } from './unpack-fixture.ts';

const attack = (name: string, reason: RegExp, parts: Part[], options?: ZipOptions): void => {
  it(name, () => refuses(buildZip([ok, ...parts], options), reason));
};

describe('a zip is refused when an entry', () => {
  attack('climbs out', /"\.\.\/sentinel" leads out/, [{ name: '../sentinel', content: 'x' }]);
  attack('climbs out further in', /leads out/, [{ name: 'a/../../../sentinel', content: 'x' }]);
  attack('climbs and comes back', /leads out/, [{ name: 'a/../b', content: 'x' }]);
  attack('climbs out in Windows spelling', /leads out/, [{ name: '..\\sentinel', content: 'x', host: 0 }]);
  attack('has an absolute name', /"\/etc\/x" has an absolute name/, [{ name: '/etc/x', content: 'x' }]);
  attack('has an absolute name in Windows spelling', /absolute/, [{ name: '\\x', content: 'x', host: 0 }]);
  attack('has a drive letter', /drive letter/, [{ name: 'C:x', content: 'x' }]);
  attack('has a backslash though made on Unix', /backslash/, [{ name: 'a\\b', content: 'x' }]);
  attack('has a NUL in its name', /NUL/, [{ name: 'a\0b', content: 'x' }]);
  attack('has no name', /no name/, [{ name: '', content: 'x' }]);
  attack('is the root itself', /has no name/, [{ name: '.', content: 'x' }]);
  attack('has a name that is not the UTF-8 it claims', /not UTF-8/, [
    { name: Buffer.from([0x61, 0xff]), content: 'x', flags: 0x800 },
  ]);
  attack('has too long a segment', /more than 255 bytes/, [{ name: 'x'.repeat(256), content: 'x' }]);
  attack('has too long a path', /more than 2048 bytes/, [{ name: `${'x/'.repeat(1024)}x`, content: 'x' }]);
  attack('is there twice', /"\.\/index.js" is there twice/, [{ name: './index.js', content: 'x' }]);
  attack('is a folder and a file', /is there as a file too/, [{ name: 'index.js/' }]);
  attack('is a file and a folder', /is there as a folder too/, [
    { name: 'a/b', content: 'x' },
    { name: 'a', content: 'x' },
  ]);
  attack('lies inside a file', /lies inside a file/, [{ name: 'index.js/x', content: 'x' }]);
  attack('is a folder with content', /folder with content/, [{ name: 'a/', content: 'x' }]);
  attack('is a device', /device/, [{ name: 'd', mode: 0o020666 }]);
  attack('is a block device', /device/, [{ name: 'd', mode: 0o060666 }]);
  attack('is a pipe', /pipe/, [{ name: 'd', mode: 0o010666 }]);
  attack('is a socket', /socket/, [{ name: 'd', mode: 0o140666 }]);
  attack('is encrypted', /encrypted/, [{ name: 'a', content: 'x', flags: 1 }]);
  attack('is strongly encrypted', /encryption/, [{ name: 'a', content: 'x', flags: 0x41 }]);
  attack('is compressed in another way', /method 12/, [{ name: 'a', content: 'x', central: { method: 12 } }]);
});

describe('a zip is refused when a link', () => {
  attack('leads out', /"a" is a link that leads out/, [{ name: 'a', content: '../sentinel', mode: LINK }]);
  attack('leads out after coming in', /leads out/, [{ name: 'a/b', content: '../x/../../y', mode: LINK }]);
  attack('is absolute', /absolute/, [{ name: 'a', content: '/etc/passwd', mode: LINK }]);
  attack('leads out through another link', /leads out/, [
    { name: 'deep/er/up', content: '../..', mode: LINK },
    { name: 'a', content: 'deep/er/up/../sentinel', mode: LINK },
  ]);
  attack('leads in a circle', /circle/, [
    { name: 'a', content: 'b', mode: LINK },
    { name: 'b', content: 'a', mode: LINK },
  ]);
  attack('leads through many others', /circle|too many links/, [
    ...Array.from({ length: 50 }, (_, n) => ({ name: `l${n}`, content: `l${n + 1}/l${n + 1}`, mode: LINK })),
  ]);
  attack('is written through', /lies inside a link/, [
    { name: 'a', content: '..', mode: LINK },
    { name: 'a/sentinel', content: 'x' },
  ]);
  attack('takes the place of a folder', /is there as a folder too/, [
    { name: 'a/sentinel', content: 'x' },
    { name: 'a', content: '..', mode: LINK },
  ]);
  attack('is a folder at once', /link and a folder/, [{ name: 'a/', content: 'x', mode: LINK }]);
  attack('is empty', /nowhere/, [{ name: 'a', content: '', mode: LINK }]);
  attack('holds a NUL', /NUL/, [{ name: 'a', content: 'b\0', mode: LINK }]);
  attack('is impossibly long', /impossible length/, [{ name: 'a', content: 'x/'.repeat(3000), mode: LINK }]);
  attack('comes from a host without links', /leads out/, [{ name: 'a', content: '..', mode: LINK, host: 0 }]);
});

describe('a zip is refused when its directory lies:', () => {
  const bomb = deflateRawSync(Buffer.alloc(5_000_000));
  attack('an entry holds more than it says', /holds more than the directory says/, [
    { name: 'a', raw: bomb, central: { size: 10, compressed: bomb.length } },
  ]);
  attack('an entry holds less than it says', /holds less/, [
    { name: 'a', content: 'x', central: { size: 10 } },
  ]);
  attack('a stored entry is larger than its place', /"a" holds less than the directory says/, [
    { name: 'a', content: 'x', stored: true, central: { size: 10 } },
  ]);
  attack('a bomb that is honest is too large', /larger than 1000000 bytes/, [
    { name: 'a', content: Buffer.alloc(5_000_000) },
  ]);
  attack('many entries together are too large', /larger than 1000000 bytes/, [
    { name: 'a', content: Buffer.alloc(600_000) },
    { name: 'b', content: Buffer.alloc(600_000) },
  ]);
  attack('the checksum is wrong', /checksum is wrong/, [{ name: 'a', content: 'x', central: { crc: 1 } }]);
  attack('the data is no deflate stream', /is damaged/, [
    { name: 'a', content: 'x', raw: Buffer.from('\xff\xff\xff') },
  ]);
  attack('the data is cut short', /is damaged/, [
    { name: 'a', content: 'x'.repeat(99), raw: deflateRawSync(Buffer.from('x'.repeat(99))).subarray(0, 3) },
  ]);
  attack('the header has another name', /another name/, [{ name: 'a', content: 'x', local: { name: 'b' } }]);
  attack('the header has another size', /another size/, [{ name: 'a', content: 'x', local: { size: 2 } }]);
  attack('the header has another compressed size', /another compressed size/, [
    { name: 'a', content: 'x', local: { compressed: 1 } },
  ]);
  attack('the header has another checksum', /another checksum/, [
    { name: 'a', content: 'x', local: { crc: 2 } },
  ]);
  attack('the header has another method', /another compression method/, [
    { name: 'a', content: 'x', local: { method: 0 } },
  ]);
  attack('the header says encrypted', /another encryption/, [
    { name: 'a', content: 'x', local: { flags: 1 } },
  ]);
  attack('an entry points at another one', /overlaps another entry/, [
    { name: 'a', content: 'x' },
    {
      name: 'a',
      content: 'x',
      central: { offset: 30 + 8 + deflateRawSync(Buffer.from(ok.content ?? '')).length },
    },
  ]);
  attack('an entry reaches into the directory', /overlaps the zip's directory/, [
    { name: 'a', content: 'x', central: { compressed: 40 } },
  ]);
  attack('an entry points nowhere', /can't be read/, [{ name: 'a', content: 'x', central: { offset: 5 } }]);
  attack('an entry points behind the end', /can't be read/, [
    { name: 'a', content: 'x', central: { offset: 99_999 } },
  ]);
  attack('there are more entries than it says', /more entries than it says/, [{ name: 'a', content: 'x' }], {
    entryCount: 1,
  });
  attack('there are fewer entries than it says', /well-formed/, [], { entryCount: 2 });
  attack('the directory is elsewhere', /well-formed/, [], { directoryOffset: 3 });
  attack('the directory is behind the end', /well-formed/, [], { directoryOffset: 0xfffffff0 });
  attack('a zip64 size is beyond all numbers', /larger than/, [
    { name: 'a', content: 'x', central: { size: 0xffffffff }, extra: zip64Extra(2n ** 64n - 1n) },
  ]);
  attack('a zip64 size is missing', /zip64/, [
    { name: 'a', content: 'x', central: { size: 0xffffffff }, extra: zip64Extra() },
  ]);
  attack('an extra field is longer than its place', /extra field/, [
    { name: 'a', content: 'x', extra: Buffer.from([1, 0, 255, 0]) },
  ]);
  attack('a zip64 end has too many entries', /more than 100 entries/, [], {
    beforeEnd: (start, end) => zip64End(end, { entries: 2n ** 63n, offset: BigInt(start) }),
  });
  attack('a zip64 end points nowhere', /well-formed/, [], {
    beforeEnd: (_, end) => zip64End(end, { entries: 1n, offset: 0n, recordAt: 2n ** 64n - 5n }),
  });
  attack('a zip64 directory is nowhere', /well-formed/, [], {
    beforeEnd: (_, end) => zip64End(end, { entries: 1n, offset: 2n ** 60n }),
  });
  attack('few entries need many folders', /more than 100 folders/, [
    { name: `${'x/'.repeat(101)}x`, content: 'x' },
  ]);
});

describe('what is no zip is refused:', () => {
  it('nothing at all', () => refuses(Buffer.alloc(0), /well-formed/));
  it('text', () => refuses(Buffer.from('exports.handler = () => {}'), /well-formed/));
  it('a zip without entries', () => refuses(buildZip([]), /it holds no files/));
  it('a zip of folders only', () => refuses(buildZip([{ name: 'a/' }]), /it holds no files/));
  it('every beginning of a zip', async () => {
    const zip = buildZip([ok, { name: 'b', content: 'x', descriptor: true }]);
    for (let length = 0; length < zip.length; length += 1)
      await refuses(zip.subarray(0, length), /well-formed/);
  });
  it('a zip with one byte changed is refused or unpacked, never anything else', async () => {
    const zip = buildZip([ok, { name: 'b/l', content: '../index.js', mode: LINK }]);
    for (let at = 0; at < zip.length; at += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = Buffer.from(zip);
        changed[at] = (changed[at] ?? 0) ^ flip;
        await unpack(changed).catch((error: unknown) => {
          assert.ok(error instanceof Failure, `byte ${at}: ${String(error)}`);
          assert.deepEqual(readdirSync(path.join(root, `out${folders}`)), []);
        });
      }
    }
    assert.equal(readFileSync(path.join(root, 'sentinel'), 'utf8'), SENTINEL);
  });
});
