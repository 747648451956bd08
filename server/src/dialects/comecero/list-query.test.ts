import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listEnvelope, readListQuery } from './list-query.ts';

const rules = { sortKeys: ['name', 'date_created'] as const, sortBy: 'date_created' as const, desc: true };
const URL_OF_LIST = 'https://functions.example.com/api/v1/auths';

describe('list query', () => {
  test('an empty query means the first 25, sorted as the list is by itself', () => {
    const expected = { limit: 25, offset: 0, sortBy: 'date_created', desc: true, q: null };
    assert.deepEqual(readListQuery({}, rules), expected);
    assert.deepEqual(
      readListQuery({ limit: '', offset: '', sort_by: '', desc: '', q: ' ' }, rules),
      expected,
    );
  });

  test("the console's query is read", () => {
    const query = { limit: '50', desc: 'false', sort_by: 'name', offset: '100', q: 'mail', timezone: 'UTC' };
    const expected = { limit: 50, offset: 100, sortBy: 'name', desc: false, q: 'mail' };
    assert.deepEqual(readListQuery(query, rules), expected);
  });
});

describe('list envelope', () => {
  const at = (offset: number, totalItems: number) =>
    listEnvelope([], { limit: 50, offset, totalItems }, URL_OF_LIST, { show: 'a,b', offset: String(offset) });

  test('an only page has no neighbours, and says so with null', () => {
    const { data, ...rest } = at(0, 50);
    assert.deepEqual(data, []);
    assert.deepEqual(rest, {
      total_items: 50,
      total_pages: 1,
      current_page: 1,
      next_page_offset: null,
      previous_page_offset: null,
      next_page_url: null,
      previous_page_url: null,
    });
  });

  test('a page in the middle has two neighbours, whose addresses keep the query', () => {
    const page = at(50, 101);
    assert.deepEqual([page.total_pages, page.current_page], [3, 2]);
    assert.deepEqual([page.previous_page_offset, page.next_page_offset], [0, 100]);
    assert.equal(page.next_page_url, `${URL_OF_LIST}?show=a%2Cb&offset=100`);
    assert.equal(page.previous_page_url, `${URL_OF_LIST}?show=a%2Cb&offset=0`);
  });

  test('a page behind the end leads back to items', () => {
    const page = at(500, 60);
    assert.deepEqual([page.previous_page_offset, page.next_page_offset], [10, null]);
  });
});
