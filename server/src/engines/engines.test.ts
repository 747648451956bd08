import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineInstaller } from './engine-installer.ts';
import { openEngines } from './engines.ts';

const installer = { version: (major: number) => (major === 20 ? '20.19.0' : null) } as EngineInstaller;
const pythons = ['3.8.18', '3.11.2'].map((exact) => ({ exact, version: exact.replace(/\.[0-9]+$/, '') }));
const engines = openEngines({ installer, pythons });

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

  it('is missing where there is none, with what to do', () => {
    const problem = (code: string, found = engines) => (found.choose(code) as { problem: string }).problem;
    assert.match(
      problem('python3.12'),
      /^python3\.12 needs Python 3\.12 or later, and this machine has 3\.8, 3\.11: install/,
    );
    assert.match(
      problem('python3.12', openEngines({ installer, pythons: [] })),
      /install the package python3/,
    );
    assert.equal(problem('java8'), 'there is no runtime java8 on this installation');
  });

  it('is there already where it was found, and refused where not', async () => {
    await engines.ensure('python-3.8');
    await assert.rejects(engines.ensure('python-3.9'), /there is no python-3\.9 on this machine/);
  });
});
