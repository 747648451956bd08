import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDatabaseUnavailable, outcomeOf } from './database-fault.ts';

const coded = (code: string) => Object.assign(new Error('x'), { code });

describe('an error of the database', () => {
  for (const code of [
    ...['08006', '57P01', '57P03', '57014', '53300', '53100', '40001', '25006', '55P03'],
    ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'ENOENT'],
  ]) {
    test(`${code} passes`, () => assert.equal(isDatabaseUnavailable(coded(code)), true));
  }

  for (const code of ['22P05', '23505', '54000', '42P01', '0A000', '08P01', 'ERR_STRING_TOO_LONG']) {
    test(`${code} is about the statement`, () => assert.equal(isDatabaseUnavailable(coded(code)), false));
  }

  test('08P01 passes where a pooler says it of its server', () => {
    const said = (message: string) => Object.assign(new Error(message), { code: '08P01' });
    for (const message of [
      'query_wait_timeout',
      'server conn crashed?',
      'pgbouncer cannot connect to server',
    ])
      assert.equal(isDatabaseUnavailable(said(message)), true, message);
    assert.equal(isDatabaseUnavailable(said('invalid message format')), false);
  });

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

describe('a statement that met an outage', () => {
  for (const code of ['ECONNRESET', '57P01', '08006']) {
    test(`has an unknown outcome where ${code} met it at its commit, and none before`, () => {
      assert.equal(outcomeOf(coded(code), 'final'), 'unknown');
      assert.equal(outcomeOf(coded(code), 'undoable'), 'untouched');
    });
  }

  for (const code of ['ECONNREFUSED', '57P03', '53300', '40001', '25006', '53100', '57014']) {
    test(`is not done where it met ${code}`, () =>
      assert.equal(outcomeOf(coded(code), 'final'), 'untouched'));
  }

  test('has an unknown outcome where its `begin` alone was cancelled', () => {
    assert.equal(outcomeOf(coded('57014'), 'begin'), 'unknown');
    for (const code of ['57P01', 'ECONNRESET']) assert.equal(outcomeOf(coded(code), 'begin'), 'untouched');
  });

  test('has an outcome that its words tell where there is no code', () => {
    assert.equal(outcomeOf(new Error('Connection terminated unexpectedly'), 'final'), 'unknown');
    assert.equal(outcomeOf(new Error('Query read timeout'), 'final'), 'unknown');
    assert.equal(outcomeOf(new Error('timeout exceeded when trying to connect'), 'final'), 'untouched');
  });
});
