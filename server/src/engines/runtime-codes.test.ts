import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findNodeRuntime, findRuntime, knownRuntimeCodes, OLDEST_NODE } from './runtime-codes.ts';

describe('a runtime code', () => {
  it('that the console offers for Node runs on the oldest engine, and says so', () => {
    for (const code of ['nodejs4.3', 'nodejs6.10', 'nodejs8.10']) {
      assert.deepEqual(findRuntime(code), {
        code,
        language: 'node',
        engineMajor: OLDEST_NODE,
        substituted: true,
      });
    }
  });

  it('that we ship runs on its own engine', () => {
    const shown = { code: 'nodejs22.x', language: 'node', engineMajor: 22, substituted: false };
    assert.deepEqual(findRuntime('nodejs22.x'), shown);
  });

  it('of Python names a version, whatever this machine has', () => {
    assert.deepEqual(findRuntime('python3.6'), { code: 'python3.6', language: 'python', version: '3.6' });
    assert.equal(findNodeRuntime('python3.6'), 'other_language');
  });

  it('of C# names a version, whatever this machine has', () => {
    assert.deepEqual(findRuntime('dotnetcore2.0'), {
      code: 'dotnetcore2.0',
      language: 'dotnet',
      version: '2.0',
    });
    assert.deepEqual(findRuntime('dotnet8'), { code: 'dotnet8', language: 'dotnet', version: '8' });
    assert.equal(findNodeRuntime('dotnet8'), 'other_language');
  });

  it('of another language is told apart from nonsense', () => {
    for (const code of ['ruby3.3']) {
      assert.equal(findRuntime(code), 'other_language');
    }
    for (const code of [
      '',
      '?',
      'nodejs',
      'nodejs20',
      'nodejs99.x',
      'python',
      'python4',
      'python3',
      ' nodejs20.x',
      'constructor',
    ]) {
      assert.equal(findRuntime(code), null);
    }
  });

  it('is known once', () => {
    const codes = knownRuntimeCodes().map(({ code }) => code);
    assert.equal(new Set(codes).size, codes.length);
  });
});
