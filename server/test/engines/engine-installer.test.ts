// The engine installer with the real npm, the real registry and a real Node binary.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { engineBinary, engineDir, enginePackage } from '../../../contract/paths.ts';
import { openEngineInstaller } from '../../src/engines/engine-installer.ts';
import { Failure } from '../../src/errors/failure.ts';

const log = pino({ level: 'silent' });
let enginesDir: string;

before(() => {
  enginesDir = mkdtempSync(path.join(tmpdir(), 'millrace-engines-'));
});
after(() => rmSync(enginesDir, { recursive: true, force: true }));

const visible = (): string[] => readdirSync(enginesDir).filter((name) => !/^\.(npm|own)/.test(name));

describe('an engine installer', () => {
  it('says that nothing is installed where nothing is', async () => {
    const engines = openEngineInstaller({ enginesDir: path.join(enginesDir, 'missing'), log });
    assert.equal(engines.isInstalled(18), false);
    assert.equal(engines.version(18), null);
    assert.deepEqual(await engines.installed(), []);
  });

  it('names the package and the reason when there is no such engine, leaving nothing', async () => {
    const engines = openEngineInstaller({ enginesDir, log });
    await assert.rejects(engines.ensure(3), (error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, 'unavailable');
      assert.match(error.message, new RegExp(`${enginePackage()}@3 can't be installed: .*(ETARGET|E404)`));
      return true;
    });
    assert.deepEqual(visible(), []);
  });

  it('ends an installation under way when it is closed, leaving nothing', async () => {
    const engines = openEngineInstaller({ enginesDir, log });
    const refused = assert.rejects(engines.ensure(18), /can't be installed: .*abort/);
    await engines.close();
    await refused;
    assert.deepEqual(visible(), []);
  });

  it('copies the Node that came with the server, and asks nobody for it', async () => {
    const own = openEngineInstaller({ enginesDir: mkdtempSync(path.join(enginesDir, '.own-')), log });
    // Port 9 discards: a question to npm would fail.
    const before = { ...process.env };
    Object.assign(process.env, { npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' });
    try {
      const major = Number(process.versions.node.split('.')[0]);
      const binary = await own.ensure(major);
      assert.equal(execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim(), process.version);
      assert.deepEqual(await own.installed(), [{ major, version: process.versions.node }]);
      await assert.rejects(own.ensure(major - 2), /can't be installed: .*ECONNREFUSED/);
    } finally {
      for (const name of ['npm_config_registry', 'npm_config_fetch_retries'])
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      await own.close();
    }
  });

  it('installs one working engine for several installers that want it at once, and removes old remains', async () => {
    const left = path.join(enginesDir, '.incoming-18-killed');
    mkdirSync(left);
    utimesSync(left, 0, 0);
    const [one, other] = [openEngineInstaller({ enginesDir, log }), openEngineInstaller({ enginesDir, log })];
    const binaries = await Promise.all([one.ensure(18), one.ensure(18), other.ensure(18)]);
    assert.deepEqual(new Set(binaries), new Set([engineBinary(enginesDir, 18)]));
    const says = execFileSync(binaries[0], ['--version'], { encoding: 'utf8' }).trim();
    assert.equal(says, `v${one.version(18)}`);
    assert.match(says, /^v18\./);
    assert.equal(other.isInstalled(18), true);
    assert.deepEqual(await openEngineInstaller({ enginesDir, log }).installed(), [
      { major: 18, version: says.slice(1) },
    ]);
    assert.deepEqual(visible(), ['18']);
  });

  it('says what is in its way', async () => {
    const dir = engineDir(enginesDir, 20);
    mkdirSync(path.join(dir, 'something'), { recursive: true });
    await assert.rejects(openEngineInstaller({ enginesDir, log }).ensure(20), (error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.match(error.message, new RegExp(`${dir} is in its way`));
      return true;
    });
    rmSync(dir, { recursive: true });
  });
});
