// What counts as the answer that a page shows, and what doesn't.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerProblems } from './doc-answers.ts';

const json = (text: string): { language: string; text: string } => ({ language: 'json', text });

const FITTING: [string, string, string][] = [
  ['equal values', '{"a": [1, "x", null]}', '{"a":[1,"x",null]}'],
  [
    'ids and times of any value',
    '{"id": "1", "at": "2026-11-22T12:59:26.786Z"}',
    '{"id":"2","at":"2027-01-01T00:00:00.000Z"}',
  ],
  ['measured numbers', '{"duration_ms": 1.9}', '{"duration_ms":7}'],
  ['members that are left out', '{"a": 1, …}', '{"a":1,"b":2}'],
  ['items that are left out', '[{"a": 1}, …]', '[{"a":1},{"a":2}]'],
  [
    'text that is left out',
    '{"url": "http://localhost:8700/fn/…"}',
    '{"url":"http://localhost:8700/fn/123"}',
  ],
];
for (const [name, shown, printed] of FITTING) {
  test(`${name} fit`, () => assert.deepEqual(answerProblems(json(shown), printed), []));
}

const DIFFERENT: [string, string, string, RegExp][] = [
  [
    'another value',
    '{"status": "queued"}',
    '{"status":"failed"}',
    /status: shown "queued", printed "failed"/,
  ],
  ['another kind of id', '{"id": "1"}', '{"id":1}', /id: shown "1"/],
  ['a member that is not shown', '{"a": 1}', '{"a":1,"b":2}', /b: printed, not shown/],
  ['a member that is not printed', '{"a": 1, "b": 2}', '{"a":1}', /b: shown, not printed/],
  ['a shorter list', '[1, 2]', '[1]', /shown 2 items, printed 1/],
  ['no JSON', '{}', 'Bad Gateway', /not JSON/],
];
for (const [name, shown, printed, problem] of DIFFERENT) {
  test(`${name} differs`, () => assert.match(answerProblems(json(shown), printed).join(), problem));
}

test('of an HTTP answer the lines that are shown must be there, and the body must fit', () => {
  const shown = { language: 'http', text: 'HTTP/1.1 202 Accepted\n\n{"id": "1", …}\n' };
  assert.deepEqual(answerProblems(shown, 'HTTP/1.1 202 Accepted\r\ndate: now\r\n\r\n{"id":"2","a":1}'), []);
  assert.match(answerProblems(shown, 'HTTP/1.1 200 OK\r\n\r\n{"id":"2"}').join(), /no line HTTP\/1.1 202/);
});
