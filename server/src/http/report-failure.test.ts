import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pino } from 'pino';
import { markOutage } from '../errors/database-outage.ts';
import { Failure } from '../errors/failure.ts';
import { asFailure, reportFailure } from './report-failure.ts';

function report(error: unknown, url = '/a?token=x') {
  const lines: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { ...reportFailure(log, error, { method: 'GET', url }), line: lines[0] ?? {}, count: lines.length };
}

describe('report failure', () => {
  test('a defect becomes internal without a word of it, and is in the log with its stack', () => {
    const { failure, reference, line } = report(new TypeError('password of db is hunter2'));
    assert.deepEqual([failure.code, failure.kind.status], ['internal', 500]);
    assert.equal(failure.message.includes('hunter2'), false);
    assert.deepEqual([line.reference, line.level], [reference, 50]);
    assert.match(JSON.stringify(line.err), /hunter2.*report-failure\.test/);
  });

  test("a caller's fault is one line at info, with the path but not the query", () => {
    const failure = new Failure('invalid_input', { message: 'limit must be a number' });
    const { line, count } = report(failure);
    assert.equal(count, 1);
    assert.deepEqual(
      [line.level, line.path, line.code, line.msg],
      [30, '/a', 'invalid_input', failure.message],
    );
  });

  test('a body whose sender hung up is the fault of its sender', () => {
    const cut = Object.assign(new Error('aborted'), { code: 'ECONNRESET', statusCode: 400 });
    assert.deepEqual([report(cut).failure.code, report(cut).line.level], ['invalid_input', 30]);
    // Of a connection of ours to somewhere else.
    const reset = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    assert.deepEqual([report(reset).failure.code, report(reset).line.level], ['internal', 50]);
  });

  test("a caller's fault has the sentence of its cause in the log, and no stack", () => {
    const cause = Object.assign(new Error('unsupported'), { code: 'FST_ERR_X', statusCode: 415 });
    const { line } = report(cause);
    assert.deepEqual([line.code, line.cause], ['unsupported_media_type', 'unsupported']);
    assert.doesNotMatch(JSON.stringify(line), /report-failure\.test|stack/);
    const long = new Failure('invalid_input', { message: 'x', cause: new Error('y'.repeat(10_000)) });
    assert.ok(JSON.stringify(report(long).line).length < 1000);
  });

  for (const thrown of [null, undefined, 'text', 42, { statusCode: 404 }, { code: 'FST_X' }]) {
    test(`a thrown ${JSON.stringify(thrown) ?? 'undefined'} is internal`, () => {
      assert.equal(asFailure(thrown).code, 'internal');
    });
  }

  test('a database out of reach is unavailable, and says where the outcome is unknown', () => {
    const lost = asFailure(markOutage(new Error('Connection terminated unexpectedly'), 'unknown'));
    assert.deepEqual([lost.code, lost.kind.status, lost.facts], ['unavailable', 503, { outcome: 'unknown' }]);
    assert.match(lost.message, /not known.*same id/);
    const refused = asFailure(markOutage(new Error('connect ECONNREFUSED'), 'untouched'));
    assert.deepEqual([refused.code, refused.facts], ['unavailable', {}]);
    assert.doesNotMatch(refused.message, /ECONNREFUSED/);
  });

  test('an error that only sounds like the database is internal', () => {
    assert.equal(asFailure(new Error('Connection terminated unexpectedly')).code, 'internal');
  });

  test("an error of somebody else can't choose its status", () => {
    assert.equal(asFailure(Object.assign(new Error('x'), { statusCode: 404, code: 'E' })).code, 'internal');
  });
});
