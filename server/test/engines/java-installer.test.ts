// Making a Java of this machine ready for functions, in an engines folder of the test's own.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { JAVA_RUNTIME } from '../../../contract/paths.ts';
import { javas, noJava } from '../../../runtimes/conformance/compile-java.ts';
import { openJavaInstaller } from '../../src/engines/java-installer.ts';

const log = pino({ level: 'silent' });
const [java] = javas.engines;
const skip = noJava;
let enginesDir: string;

before(() => {
  enginesDir = mkdtempSync(path.join(tmpdir(), 'millrace-engines-'));
});
after(() => rmSync(enginesDir, { recursive: true }));

test('a Java that can’t be made ready says why, and leaves nothing', { skip }, async () => {
  assert.ok(java !== undefined);
  const installer = openJavaInstaller({ enginesDir, javas: { ...javas, compilerHome: '/nowhere' }, log });
  await assert.rejects(installer.ensure(java), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'unavailable');
    assert.match(error.message, /^The engine Java .* can't be made ready: .*javac/);
    return true;
  });
  assert.deepEqual(readdirSync(enginesDir), []);
  await installer.close();
});

test('a Java is made ready once, with what functions need of it, and takes the place of its former builds', {
  skip,
}, async () => {
  assert.ok(java !== undefined);
  const former = `java-${java.version}.0.1-0123456789ab`;
  for (const name of [former, 'java-9-0123456789ab', '20']) mkdirSync(path.join(enginesDir, name));
  const installer = openJavaInstaller({ enginesDir, javas, log });
  await Promise.all([installer.ensure(java), installer.ensure(java)]);
  assert.deepEqual(readdirSync(enginesDir).sort(), ['20', java.folder, 'java-9-0123456789ab'].sort());
  const has = (part: string): boolean => existsSync(path.join(enginesDir, java.folder, part));
  assert.deepEqual(readdirSync(path.join(enginesDir, java.folder, 'bin')), ['java']);
  const needed = [JAVA_RUNTIME, 'lib/modules', 'conf/security/java.security', 'release'];
  assert.deepEqual(needed.map(has), [true, true, true, true]);
  assert.deepEqual(['lib/src.zip', 'lib/libjdwp.so', 'jmods', 'classes'].map(has), [
    false,
    false,
    false,
    false,
  ]);
  await installer.ensure(java);
  await installer.close();
});
