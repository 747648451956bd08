import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { isReserved, LAMBDA_NAMES, readVariables } from './variables.ts';

const rules = { names: LAMBDA_NAMES, limitBytes: 4096, field: 'environment_variables' };

function refusal(value: unknown): Failure {
  try {
    readVariables(value, rules);
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  return assert.fail(`${JSON.stringify(value)} was accepted`);
}

describe('variables', () => {
  test('texts are kept, numbers and booleans become the text they are written as', () => {
    const value = { api_key: 'a-b', N2: 3, flag: false, empty: '', sign: 'ü€' };
    const expected = { api_key: 'a-b', N2: '3', flag: 'false', empty: '', sign: 'ü€' };
    assert.deepEqual(readVariables(value, rules), expected);
  });

  for (const [title, value, named] of [
    ['a name that begins with a digit', { '1a': 'x' }, '"1a"'],
    ['a name with a blank', { 'a b': 'x' }, '"a b"'],
    ['a name that begins with _', { _a: 'x' }, '"_a"'],
    ['an empty name', { '': 'x' }, '""'],
    ['a name with NUL', { 'a\0': 'x' }, 'a\\u0000'],
    ['a reserved name', { AWS_LAMBDA_FUNCTION_NAME: 'x' }, 'AWS_LAMBDA_FUNCTION_NAME'],
    ['another reserved name', { PATH: '/bin' }, 'PATH": the platform sets that name itself'],
    ['a name for credentials', { AWS_ACCESS_KEY_ID: 'x' }, 'there is no AWS here'],
    ['__proto__', JSON.parse('{"__proto__":"x"}'), '__proto__'],
    ['an object as value', { api: { key: 'x' } }, 'api: its value must be text, not an object'],
    ['a list as value', { api: ['x'] }, 'api: its value must be text, not a list'],
    ['null as value', { api: null }, 'api: its value must be text, not null'],
    ['NUL in a value', { api: 'a\0b' }, 'api'],
    ['a lone surrogate in a value', { api: '\ud800' }, 'api'],
    ['a list instead of an object', ['x'], 'object'],
    ['text instead of an object', 'x', 'object'],
    ['null instead of an object', null, 'object'],
  ] as const) {
    test(`${title} is refused, naming what is wrong`, () => {
      const failure = refusal(value);
      assert.equal(failure.code, 'invalid_input');
      assert.ok(failure.message.includes(named), failure.message);
      assert.ok(failure.message.startsWith('environment_variables '), failure.message);
    });
  }

  test('names and values together may reach the limit in UTF-8 bytes and not pass it', () => {
    const full = { ab: 'é'.repeat(2047) };
    assert.deepEqual(readVariables(full, rules), full);
    const failure = refusal({ abc: 'é'.repeat(2047) });
    assert.ok(failure.message.includes('4097') && failure.message.includes('4096'), failure.message);
  });

  test('names that differ from a reserved one in case are free', () => {
    assert.equal(isReserved('PATH'), true);
    assert.deepEqual(readVariables({ path: 'x' }, rules), { path: 'x' });
  });
});
