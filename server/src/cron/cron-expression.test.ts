import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCron } from './cron-expression.ts';

function problemOf(text: string): string {
  const read = readCron(text);
  assert.ok('problem' in read, `${text} was taken`);
  return read.problem;
}

describe('a cron expression', () => {
  for (const text of [
    '0 8 * * *',
    '*/15 * * * *',
    '0,30 8-18 * * MON-FRI',
    '5 4 1,15 jan-mar/2 *',
    '0 0 * * 7',
    '0 0 * * 5-7',
    '  0  0\t* * sun ',
    '59 23 31 12 6',
    '0 0 29 2 *',
    '10-50/10 1-23/2 2-30/7 2-12/2 1-5/2',
  ]) {
    test(`may be ${JSON.stringify(text)}`, () => assert.ok('expression' in readCron(text)));
  }

  for (const [text, rule] of [
    ['@daily', /five-part.*@ syntax is not supported/],
    ['@every 5m', /@ syntax is not supported/],
    ['', /five-part.*this has 0 parts/],
    ['* * * *', /this has 4 parts$/],
    ['0 * * * * *', /this has 6 parts; seconds and years are not supported/],
    ['0 0 L * *', /day of month "L" must be made of \*, values from 1 to 31.*L, W, #, \? and \+ are not/],
    ['0 0 15W * *', /L, W, #, \? and \+ are not supported/],
    ['0 0 * * 1#2', /day of week.*values from 0 to 7 or SUN to SAT.*L, W, #/],
    ['0 0 * * FRIL', /L, W, #/],
    ['0 0 ? * *', /L, W, #, \?/],
    ['0 0 1 * +1', /L, W, #, \? and \+/],
    ['60 * * * *', /minute "60" must be made of \*, values from 0 to 59, ranges, steps and lists$/],
    ['* 24 * * *', /hour "24"/],
    ['* * 0 * *', /day of month "0"/],
    ['* * * 13 *', /month "13".*or JAN to DEC/],
    ['* * * * 8', /day of week "8"/],
    ['* * * * MONDAY', /day of week/],
    ['1e1 * * * *', /minute/],
    ['-5 * * * *', /minute/],
    ['1.5 * * * *', /minute/],
    ['0,,5 * * * *', /empty place in a list/],
    ['0, * * * *', /empty place/],
    ['0 22-2 * * *', /hour "22-2" runs backwards: write 22-23,0-2/],
    ['0 0 * * FRI-SUN', /day of week "FRI-SUN" runs backwards: write 5-7$/],
    ['5/15 * * * *', /step behind a single value: write 5-59\/15/],
    ['*/0 * * * *', /step that is not a whole number from 1 to 59/],
    ['*/90 * * * *', /step that is not/],
    ['*/5/5 * * * *', /more than one step/],
    ['*-5 * * * *', /minute/],
    ['0 0 30 2 *', /names a day that never comes/],
    ['0 0 31 4,6,9,11 *', /never comes/],
    [`${'1,'.repeat(200)}1 * * * *`, /at most 256 characters/],
  ] as const) {
    test(`isn't ${JSON.stringify(text.slice(0, 24))}, and says why`, () =>
      assert.match(problemOf(text), rule));
  }

  test('that restricts both days means either of them', () => {
    const read = readCron('0 0 13 * FRI');
    assert.ok('expression' in read);
    const at = (text: string): number => Date.parse(`${text}T00:00:00Z`);
    const { firstAt } = read.expression;
    assert.equal(firstAt(at('2026-01-01')), at('2026-01-02'));
    assert.equal(firstAt(at('2026-01-10')), at('2026-01-13'));
  });

  test('finds a matching minute at the very time that it is asked for', () => {
    const read = readCron('30 2 * * *');
    assert.ok('expression' in read);
    const at = Date.parse('2026-03-01T02:30:00Z');
    assert.equal(read.expression.firstAt(at), at);
    assert.equal(read.expression.firstAt(at - 1), at);
    assert.equal(read.expression.firstAt(at + 1), at + 86_400_000);
  });
});
