import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findJavas } from './find-javas.ts';

describe('looking for Javas', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-javas-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A Java as it lies on a disk, with a version that no machine has. */
  const install = (name: string, version: string, more: Record<string, string> = {}): string => {
    const home = path.join(folder, name);
    const release = `IMPLEMENTOR="x"\nJAVA_VERSION="${version}"\n`;
    const parts = { 'bin/java': '', 'lib/modules': '', 'lib/server/libjvm.so': '', release, ...more };
    for (const [part, text] of Object.entries(parts)) {
      mkdirSync(path.dirname(path.join(home, part)), { recursive: true });
      writeFileSync(path.join(home, part), text, { mode: 0o644 });
    }
    return home;
  };
  /** Those with our versions alone: the machine has some of its own. */
  const found = (env: NodeJS.ProcessEnv): [string, string][] =>
    findJavas({ PATH: '/nowhere', ...env })
      .engines.filter(({ version }) => Number(version) >= 90)
      .map(({ exact, home }) => [exact, home]);

  it('goes by JAVA_HOME, by links in PATH, and by the folder of SDKMAN', () => {
    const one = install('one', '91.0.1');
    assert.deepEqual(found({ JAVA_HOME: one }), [['91.0.1', one]]);
    mkdirSync(path.join(folder, 'links'));
    symlinkSync(path.join(one, 'bin/java'), path.join(folder, 'links/java'));
    assert.deepEqual(found({ PATH: path.join(folder, 'links') }), [['91.0.1', one]]);
    const own = install('.sdkman/candidates/java/92-x', '92');
    assert.deepEqual(found({ HOME: folder, JAVA_HOME: one }), [
      ['91.0.1', one],
      ['92', own],
    ]);
  });

  it('names each version once, the newest build of it', () => {
    install('.jdks/a', '93.0.9');
    const newer = install('.jdks/b', '93.0.10');
    assert.deepEqual(
      found({ HOME: folder }).filter(([exact]) => exact.startsWith('93')),
      [['93.0.10', newer]],
    );
  });

  it('passes over what is none, is another virtual machine, or that others may write to', () => {
    const other = install('other', '94', { release: 'JAVA_VERSION="94"\nJVM_VARIANT="Openj9"\n' });
    assert.deepEqual(found({ JAVA_HOME: other }), []);
    const open = install('open', '95');
    chmodSync(path.join(open, 'lib/modules'), 0o666);
    assert.deepEqual(found({ JAVA_HOME: open }), []);
    assert.deepEqual(found({ JAVA_HOME: folder }), []);
    assert.deepEqual(found({ JAVA_HOME: 'relative' }), []);
  });

  it('names the folder of an engine for its build: another patch is another folder', () => {
    const folderOf = (home: string) =>
      findJavas({ PATH: '/nowhere', JAVA_HOME: home }).engines.find((java) => java.home === home)?.folder;
    const first = folderOf(install('patched', '96.0.1'));
    assert.match(first ?? '', /^java-96\.0\.1-[0-9a-f]{12}$/);
    assert.equal(folderOf(path.join(folder, 'patched')), first);
    assert.notEqual(folderOf(install('patched', '96.0.2')), first);
  });
});
