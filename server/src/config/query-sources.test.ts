import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseQuerySources } from './query-sources.ts';

describe('MILLRACE_QUERY_SOURCES', () => {
  test('names databases and the accounts that may read them', () => {
    const problems: string[] = [];
    const entries = [
      'shop=postgres://u:p@h/db',
      'stock@AA0001+BB0002=mysql://u@h:3306/db',
      'all@*=postgresql:///db?host=/s',
    ];
    assert.deepEqual(
      parseQuerySources(entries, problems).map(({ name, kind, accounts }) => [name, kind, accounts]),
      [
        ['shop', 'postgres', null],
        ['stock', 'mysql', ['AA0001', 'BB0002']],
        ['all', 'postgres', '*'],
      ],
    );
    assert.deepEqual(problems, []);
  });

  test('tells what is wrong without showing a password', () => {
    for (const entry of [
      'postgres://u:secret@h/db',
      'Shop=postgres://u:secret@h/db',
      'a=redis://:secret@h',
      'a@=mysql://secret@h',
    ]) {
      const problems: string[] = [];
      parseQuerySources([entry], problems);
      assert.match(problems.join(), /^MILLRACE_QUERY_SOURCES: entry 1 must be/);
      assert.doesNotMatch(problems.join(), /secret/);
    }
    const problems: string[] = [];
    parseQuerySources(['a=mysql://h/d', 'a=mysql://h/e'], problems);
    assert.deepEqual(problems, ['MILLRACE_QUERY_SOURCES: a is there twice']);
  });
});
