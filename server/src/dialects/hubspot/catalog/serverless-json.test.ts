import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readServerlessJson } from './serverless-json.ts';

const FULL = `{
  "runtime": "nodejs20.x",
  "version": "1.0",
  "environment": {"STAGE": "prod", "RETRIES": 3},
  "secrets": ["API_KEY"],
  "endpoints": {
    "/events/update": {
      "method": ["get", "POST"],
      "file": "./lib/update.js",
      "environment": {"STAGE": "test"},
      "secrets": ["OTHER", "API_KEY"]
    },
    "plain": {"file": "plain.js"}
  }
}`;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

describe('serverless.json', () => {
  test('a variable that can’t take effect is told, with its place', () => {
    const { problems } = readServerlessJson(
      '{"environment": {"NODE_OPTIONS": "--inspect"}, "endpoints": {"a": {"file": "a.js"}}}',
    );
    assert.match(
      problems[0]?.message ?? '',
      /^\$\.environment\.NODE_OPTIONS: can't have --inspect: nothing can be attached/,
    );
  });

  test('an endpoint has its own environment and secrets over those of all, and GET where no method is named', () => {
    const { config, problems } = readServerlessJson(FULL);
    assert.deepEqual(problems, []);
    assert.equal(config.runtime, 'nodejs20.x');
    assert.deepEqual(config.endpoints, [
      {
        path: 'events/update',
        methods: ['GET', 'POST'],
        file: 'lib/update.js',
        environment: { STAGE: 'test', RETRIES: '3' },
        secretNames: ['API_KEY', 'OTHER'],
      },
      {
        path: 'plain',
        methods: ['GET'],
        file: 'plain.js',
        environment: { STAGE: 'prod', RETRIES: '3' },
        secretNames: ['API_KEY'],
      },
    ]);
  });

  for (const [title, text] of [
    ['nothing but endpoints', '{"endpoints":{"a":{"file":"a.js"}}}'],
    [
      'keys of others, tabs and a byte order mark',
      '\uFEFF{\n\t"path": "x", "$schema": 1,\n\t"endpoints": {"a": {"file": "a.js", "note": []}}}',
    ],
    ['a retired runtime', '{"runtime":"nodejs10.x","endpoints":{"a":{"file":"a.js"}}}'],
    [
      'null where a list or object may be',
      '{"secrets":null,"environment":null,"runtime":null,"endpoints":{"a":{"file":"a.js","method":null}}}',
    ],
    ['a path with two segments and a dot', '{"endpoints":{"v1.0/a":{"file":"a.js"}}}'],
  ] as const) {
    test(`${title} is accepted`, () => {
      const { config, problems } = readServerlessJson(text);
      assert.deepEqual(problems, []);
      assert.equal(config.endpoints.length, 1);
    });
  }

  for (const [title, text, line, words] of [
    ['a missing comma', '{\n "version": "1.0"\n "endpoints": {}\n}', 3, 'not valid JSON: comma expected'],
    ['an unclosed brace', '{"endpoints": {\n', 2, 'not valid JSON: close brace expected'],
    ['an empty file', '', 1, 'not valid JSON'],
    ['a bomb of brackets', '['.repeat(200_000), 1, 'nested too deeply'],
    ['brackets up to the bound', '['.repeat(100), 1, 'not valid JSON'],
    ['a heap of numbers', `[${'1,'.repeat(20_000)}1]`, 1, 'over 10000 names and values'],
    [
      'more shared variables than its endpoints may have together',
      JSON.stringify({
        environment: Object.fromEntries(numbers(2_000).map((number) => [`V${number}`, ''])),
        endpoints: Object.fromEntries(numbers(2_000).map((number) => [`e${number}`, {}])),
      }),
      1,
      '$.endpoints: all together have over 20000 variables and secrets',
    ],
    ['a list', '\n[]', 2, '$: must be an object'],
    ['no endpoints', '{\n"version":"1.0"}', 1, '$.endpoints: is missing but it is required'],
    ['endpoints that are a list', '{\n"endpoints":\n[]}', 3, '$.endpoints: must be an object'],
    [
      'an endpoint without a file',
      '{"endpoints":{\n"a":{"method":"GET"}}}',
      2,
      '$.endpoints.a.file: is missing',
    ],
    ['a file outside the folder', '{"endpoints":{"a":{\n"file":"../a.js"}}}', 2, 'inside the folder'],
    [
      'an unknown method',
      '{"endpoints":{"a":{"file":"a.js",\n"method":["GET",\n"FETCH"]}}}',
      3,
      '$.endpoints.a.method: must be GET',
    ],
    ['another language', '{\n"runtime":"python3.9","endpoints":{}}', 2, '$.runtime: must be nodejs'],
    [
      'an object as a variable',
      '{"environment":{"A":\n{}},"endpoints":{}}',
      2,
      '$.environment.A: must be text',
    ],
    ['a number as a secret', '{"secrets":[\n1],"endpoints":{}}', 2, '$.secrets: must hold names'],
    [
      'a path that leads above',
      '{"endpoints": {\n"a/%2e%2e/b": {"file": "a.js"}}}',
      2,
      'must not have . or .. between its slashes: no call reaches it',
    ],
    [
      'one path twice',
      '{"endpoints":{"a":{"file":"a.js"},\n"/A/":{"file":"b.js"}}}',
      2,
      '"A" is declared twice',
    ],
    ['a path with a question mark', '{"endpoints":{\n"a?b":{"file":"a.js"}}}', 2, 'a path must have'],
  ] as const) {
    test(`${title} is refused with its line`, () => {
      const { problems } = readServerlessJson(text);
      assert.equal(problems[0]?.line, line, JSON.stringify(problems));
      assert.ok(problems[0]?.message.includes(words), JSON.stringify(problems));
    });
  }

  test('several problems are told at once', () => {
    const { problems } = readServerlessJson('{"endpoints":{\n"a":{},\n"b":{"file":1}}}');
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 3],
    );
  });

  test('a name that could change what objects are made of is only a name', () => {
    const { config } = readServerlessJson(
      '{"environment":{"__proto__":"x"},"endpoints":{"a":{"file":"a.js"}}}',
    );
    const environment = config.endpoints[0]?.environment ?? {};
    assert.equal(Object.getPrototypeOf(environment), Object.prototype);
  });

  test('one that is made to take long is read at once', () => {
    const unclosed = `"${'\\"'.repeat(100_000)}`;
    const manyProblems = JSON.stringify(
      { endpoints: { a: { file: 'a.js', method: Array(40_000).fill('X') } } },
      null,
      1,
    );
    const large = JSON.stringify({ endpoints: {}, note: 'x'.repeat(300_000) });
    const startedAt = performance.now();
    for (const text of [unclosed, manyProblems, large]) {
      const { problems } = readServerlessJson(text);
      assert.ok(problems.length > 0 && problems.length <= 50, `${problems.length} problems`);
    }
    assert.ok(performance.now() - startedAt < 5_000, 'it took over five seconds');
  });
});
