import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dotnetFolder } from '../contract/dotnet-host.ts';
import { placeDotnets } from '../contract/dotnets.ts';
import { findDotnets } from './find-dotnets.ts';

describe('looking for .NET', () => {
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'millrace-dotnets-')));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A folder as an installation has it. */
  const install = (name: string, runtimes: string[], sdks: string[] = []): string => {
    const root = path.join(folder, name);
    for (const exact of runtimes) {
      mkdirSync(path.join(root, 'host/fxr', exact), { recursive: true });
      mkdirSync(path.join(root, 'shared/Microsoft.NETCore.App', exact), { recursive: true });
    }
    for (const sdk of sdks) {
      mkdirSync(path.join(root, 'sdk', sdk, 'Roslyn/bincore'), { recursive: true });
      writeFileSync(path.join(root, 'sdk', sdk, 'Roslyn/bincore/csc.dll'), '');
    }
    writeFileSync(path.join(root, 'dotnet'), '', { mode: 0o755 });
    return root;
  };
  /** What is found below our folder: the machine may have others. */
  const found = (env: Record<string, string>) => {
    const { engines, compiler } = findDotnets(env);
    const ours = engines.filter(({ root }) => root.startsWith(folder));
    return { engines: ours, compiler };
  };

  it('follows a command in PATH to its installation, and names each version once, by its newest patch', () => {
    const root = install(
      'one',
      ['90.0.1', '90.0.12', '90.0.2', '91.0.0', '92.0.0-rc.1', '5.0.17'],
      ['99.0.100'],
    );
    const commands = path.join(folder, 'bin');
    mkdirSync(commands);
    symlinkSync(path.join(root, 'dotnet'), path.join(commands, 'dotnet'));
    const { engines, compiler } = found({ PATH: commands });
    assert.deepEqual(
      engines.map(({ version, exact }) => [version, exact]),
      [
        ['90', '90.0.12'],
        ['91', '91.0.0'],
      ],
    );
    const [first] = engines;
    assert.equal(first?.folder, dotnetFolder('90.0.12'));
    assert.deepEqual(first?.parts, ['dotnet', 'host/fxr/91.0.0', 'shared/Microsoft.NETCore.App/90.0.12']);
    assert.deepEqual(compiler, { root, file: 'sdk/99.0.100/Roslyn/bincore/csc.dll' });
    const { binds, dotnets } = placeDotnets({ engines, compiler, hasIcu: false }, '/run/here');
    assert.deepEqual(binds, [[root, '/run/here/dotnet-0']]);
    assert.deepEqual(
      [dotnets.engines[0]?.root, dotnets.compiler?.root],
      ['/run/here/dotnet-0', '/run/here/dotnet-0'],
    );
  });

  it('looks at DOTNET_ROOT and the home, and passes over what others can write to', () => {
    const root = install('two', ['93.0.0']);
    const home = path.join(folder, 'home');
    mkdirSync(home);
    cpSync(install('three', ['94.0.0']), path.join(home, '.dotnet'), { recursive: true });
    const versions = (): string[] =>
      found({ DOTNET_ROOT: root, HOME: home }).engines.map(({ version }) => version);
    assert.deepEqual(versions(), ['93', '94']);
    chmodSync(root, 0o777);
    assert.deepEqual(versions(), ['94']);
    assert.deepEqual(found({ DOTNET_ROOT: 'relative', PATH: '/nowhere:relative' }).engines, []);
  });

  it('names an engine for its host’s sources as well', () => {
    const sources = path.join(folder, 'sources');
    mkdirSync(sources);
    writeFileSync(path.join(sources, 'A.cs'), 'one');
    const before = dotnetFolder('8.0.1', sources);
    writeFileSync(path.join(sources, 'A.cs'), 'two');
    assert.match(before, /^dotnet-8\.0\.1-[0-9a-f]{12}$/);
    assert.notEqual(dotnetFolder('8.0.1', sources), before);
  });
});
