import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDatabaseUnavailable } from './database-fault.ts';

const coded = (code: string) => Object.assign(new Error('x'), { code });

describe('an error of the database', () => {
  for (const code of [
    ...['08006', '57P01', '57P03', '57014', '53300', '53100', '40001', '25006', '55P03'],
    ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'ENOENT'],
  ]) {
    test(`${code} passes`, () => assert.equal(isDatabaseUnavailable(coded(code)), true));
  }

  for (const code of ['22P05', '23505', '54000', '42P01', '0A000', 'ERR_STRING_TOO_LONG']) {
    test(`${code} is about the statement`, () => assert.equal(isDatabaseUnavailable(coded(code)), false));
  }

  for (const message of [
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Client was closed and is not queryable',
  ]) {
    test(`"${message}" passes`, () => assert.equal(isDatabaseUnavailable(new Error(message)), true));
  }

  test('words that are none of the connection are about the statement', () => {
    assert.equal(isDatabaseUnavailable(new RangeError('Invalid string length')), false);
    assert.equal(isDatabaseUnavailable(new TypeError("can't read x of undefined")), false);
    assert.equal(isDatabaseUnavailable('nothing'), false);
  });
});
