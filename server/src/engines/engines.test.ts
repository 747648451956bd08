import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FoundDotnets, NO_DOTNETS } from '../../../contract/dotnets.ts';
import type { FoundJavas } from '../../../contract/javas.ts';
import { describeDotnets } from './dotnet-engines.ts';
import type { EngineInstaller } from './engine-installer.ts';
import { type ChosenEngine, openEngines } from './engines.ts';

const installer = { version: (major: number) => (major === 20 ? '20.19.0' : null) } as EngineInstaller;
const pythons = ['3.8.18', '3.11.2'].map((exact) => ({ exact, version: exact.replace(/\.[0-9]+$/, '') }));
const dotnetOf = (exact: string) => {
  const version = exact.split('.')[0] as string;
  return {
    exact,
    version,
    root: '/usr/lib/dotnet',
    parts: ['dotnet'],
    folder: `dotnet-${exact}-0123456789ab`,
  };
};
const dotnets: FoundDotnets = {
  engines: ['8.0.20', '10.0.1'].map(dotnetOf),
  compiler: { root: '/usr/lib/dotnet', file: 'csc.dll' },
  hasIcu: true,
};
const javas = {
  engines: ['17.0.15', '25.0.3'].map((exact) => ({
    ...{
      exact,
      version: exact.replace(/\..*$/, ''),
      home: `/jvm/${exact}`,
      folder: `java-${exact}-0123456789ab`,
    },
  })),
  compilerHome: '/jvm/17.0.15',
};
const made: string[] = [];
const javaInstaller = {
  ensure: async ({ exact }: { exact: string }): Promise<void> => void made.push(exact),
};
const dotnetInstaller = { ensure: javaInstaller.ensure };
const parts = { installer, pythons, javas, javaInstaller, dotnets, dotnetInstaller };
const engines = openEngines(parts);

describe('the engine of a runtime code', () => {
  it('is the Node of that major version, exact once it is installed', () => {
    assert.deepEqual(engines.choose('nodejs20.x'), {
      ...{ language: 'node', engine: 'node-20', version: '20.19.0', substituted: false },
    });
    assert.deepEqual(engines.choose('nodejs22.x'), {
      ...{ language: 'node', engine: 'node-22', version: '22', substituted: false },
    });
  });

  it('is the Python of that version, or the nearest newer one', () => {
    const chosen = (code: string) => {
      const { engine, substituted } = engines.choose(code) as { engine: string; substituted: boolean };
      return [engine, substituted];
    };
    assert.deepEqual(chosen('python3.8'), ['python-3.8', false]);
    assert.deepEqual(chosen('python3.9'), ['python-3.11', true]);
    assert.deepEqual(chosen('python2.7'), ['python-3.8', true]);
  });

  it('is the Java of that version, or the nearest newer one', () => {
    const chosen = (code: string) => {
      const { engine, version, substituted } = engines.choose(code) as ChosenEngine;
      return [engine, version, substituted];
    };
    assert.deepEqual(chosen('java17'), ['java-17', '17.0.15', false]);
    assert.deepEqual(chosen('java8.al2'), ['java-17', '17.0.15', true]);
    assert.deepEqual(chosen('java21'), ['java-25', '25.0.3', true]);
  });

  it('of Java is missing where there is none, or no compiler for its runtime, with what to do', () => {
    const problem = (code: string, found: Partial<FoundJavas>) => {
      const opened = openEngines({ ...parts, javas: { ...javas, ...found } });
      return (opened.choose(code) as { problem: string }).problem;
    };
    const [oldest] = javas.engines.slice(0, 1);
    assert.match(
      problem('java21', { engines: oldest === undefined ? [] : [oldest] }),
      /^java21 needs Java 21 or later, and this machine has 17: install a JDK 21/,
    );
    assert.match(problem('java8', { engines: [] }), /install a JDK \(the package default-jdk-headless\)/);
    assert.match(problem('java8', { compilerHome: null }), /install the package openjdk-17-jdk-headless/);
  });

  it('is missing where there is none, with what to do', () => {
    const problem = (code: string, found = engines) => (found.choose(code) as { problem: string }).problem;
    assert.match(
      problem('python3.12'),
      /^python3\.12 needs Python 3\.12 or later, and this machine has 3\.8, 3\.11: install/,
    );
    assert.match(
      problem('python3.12', openEngines({ ...parts, pythons: [] })),
      /install the package python3/,
    );
    assert.match(problem('ruby3.3'), /^there is no runtime ruby3\.3 here; there are nodejs4\.3, .*, go1\.x$/);
  });

  it('is the .NET of that version, or the nearest newer one', async () => {
    const chosen = (code: string) => {
      const { engine, version, substituted } = engines.choose(code) as Record<string, unknown>;
      return [engine, version, substituted];
    };
    assert.deepEqual(chosen('dotnet8'), ['dotnet-8', '8.0.20', false]);
    assert.deepEqual(chosen('dotnet9'), ['dotnet-10', '10.0.1', true]);
    assert.deepEqual(chosen('dotnetcore2.0'), ['dotnet-8', '8.0.20', true]);
    assert.deepEqual(chosen('dotnet5.0'), ['dotnet-8', '8.0.20', true]);
    await engines.ensure('dotnet-10');
    assert.equal(made.at(-1), '10.0.1');
    await assert.rejects(engines.ensure('dotnet-9'), /there is no dotnet-9 on this machine/);
  });

  it('takes a compiler for .NET, and says what to install', () => {
    const problem = (code: string, found: FoundDotnets) =>
      (openEngines({ ...parts, dotnets: found }).choose(code) as { problem: string }).problem;
    assert.match(
      problem('dotnet8', NO_DOTNETS),
      /^dotnet8 needs \.NET 6 or later, .*: install the \.NET SDK/,
    );
    const old = { ...dotnets, engines: dotnets.engines.slice(0, 1) };
    assert.match(
      problem('dotnet10', old),
      /^dotnet10 needs \.NET 10 or later, and this machine has 8: install/,
    );
    const bare = { ...dotnets, compiler: null };
    assert.equal(describeDotnets(dotnets), '8.0.20, 10.0.1');
    assert.match(describeDotnets(bare), /^8\.0\.20, 10\.0\.1, and no SDK: functions in C# need its compiler/);
    assert.match(describeDotnets(NO_DOTNETS), /^none: install the \.NET SDK/);
    assert.match(
      problem('dotnet8', bare),
      /would run on \.NET 8\.0\.20, and takes the compiler of an SDK once/,
    );
  });

  it('is there already where it was found, and refused where not', async () => {
    await engines.ensure('python-3.8');
    await assert.rejects(engines.ensure('python-3.9'), /there is no python-3\.9 on this machine/);
    await engines.ensure('java-17');
    assert.equal(made.at(-1), '17.0.15');
    await assert.rejects(engines.ensure('java-21'), /there is no java-21 on this machine/);
  });
});
