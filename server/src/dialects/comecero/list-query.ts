// Lists: what `limit`, `offset`, `sort_by`, `desc` and `q` ask for, and the envelope around a page
// (docs/specs/comecero.md 1.2, 1.3). Pure.
import { fail } from '../../errors/failure.ts';
import { isStorableText } from '../../http/read-input.ts';
import type { PageItems, Query } from './endpoint.ts';

export type ListQuery<Sort extends string = string> = {
  limit: number;
  offset: number;
  sortBy: Sort;
  desc: boolean;
  /** Text to search for; null: everything. */
  q: string | null;
};

export type ListRules<Sort extends string> = {
  /** What `sort_by` may name. */
  sortKeys: readonly Sort[];
  sortBy: Sort;
  desc: boolean;
};

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;
const MAX_OFFSET = 1_000_000_000;
const MAX_SEARCH_LENGTH = 200;

/** @throws Failure `invalid_input` naming the parameter and its rule */
export function readListQuery<Sort extends string>(query: Query, rules: ListRules<Sort>): ListQuery<Sort> {
  return {
    limit: readWhole(query, 'limit', { least: 1, most: MAX_LIMIT, otherwise: DEFAULT_LIMIT }),
    offset: readWhole(query, 'offset', { least: 0, most: MAX_OFFSET, otherwise: 0 }),
    sortBy: readSortBy(query, rules),
    desc: readBoolean(query, 'desc') ?? rules.desc,
    q: readSearch(query),
  };
}

/** @returns null where the parameter is absent or empty */
export function readBoolean(query: Query, name: string): boolean | null {
  const text = query[name] ?? '';
  if (text === '') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return fail('invalid_input', { message: `${name} must be true or false`, field: name });
}

function readWhole(
  query: Query,
  name: string,
  rule: { least: number; most: number; otherwise: number },
): number {
  const text = query[name] ?? '';
  if (text === '') return rule.otherwise;
  const number = /^[0-9]{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= rule.least && number <= rule.most) return number;
  return fail('invalid_input', {
    message: `${name} must be a whole number from ${rule.least} to ${rule.most}`,
    field: name,
  });
}

function readSortBy<Sort extends string>(query: Query, rules: ListRules<Sort>): Sort {
  const text = query.sort_by ?? '';
  if (text === '') return rules.sortBy;
  const key = rules.sortKeys.find((candidate) => candidate === text);
  if (key !== undefined) return key;
  return fail('invalid_input', {
    message: `sort_by must be one of ${rules.sortKeys.join(', ')}`,
    field: 'sort_by',
  });
}

function readSearch(query: Query): string | null {
  const text = query.q?.trim() ?? '';
  if (text === '') return null;
  if (text.length > MAX_SEARCH_LENGTH || !isStorableText(text)) {
    fail('invalid_input', {
      message: `q must be text of at most ${MAX_SEARCH_LENGTH} characters`,
      field: 'q',
    });
  }
  return text;
}

/** The console shows its Back and Next buttons unless the `*_page_offset` keys are literally null. */
export type ListEnvelope = {
  data: unknown[];
  total_items: number;
  total_pages: number;
  current_page: number;
  next_page_offset: number | null;
  previous_page_offset: number | null;
  next_page_url: string | null;
  previous_page_url: string | null;
};

/**
 * @param page  where in the list we are, and how long the list is
 * @param url   absolute address of the list without a query
 * @param query of the request: the addresses of the other pages keep everything in it but the offset
 */
export function listEnvelope(
  data: unknown[],
  page: { limit: number; offset: number; totalItems: number },
  url: string,
  query: Query,
): ListEnvelope {
  const { limit, offset, totalItems } = page;
  const next = offset + limit < totalItems ? offset + limit : null;
  const previous = offset > 0 ? Math.max(0, Math.min(offset, totalItems) - limit) : null;
  const at = (pageOffset: number | null): string | null =>
    pageOffset === null ? null : `${url}?${new URLSearchParams({ ...query, offset: String(pageOffset) })}`;
  return {
    data,
    total_items: totalItems,
    total_pages: Math.ceil(totalItems / limit),
    current_page: Math.floor(offset / limit) + 1,
    next_page_offset: next,
    previous_page_offset: previous,
    next_page_url: at(next),
    previous_page_url: at(previous),
  };
}

/** Of a list that is read item by item. */
export type PageEnvelope = {
  data: unknown[];
  next_page_after_item: string | null;
  previous_page_before_item: string | null;
  next_page_url: string | null;
  previous_page_url: string | null;
};

/** As {@link listEnvelope}; the addresses keep everything in the query but the cursor. */
export function pageEnvelope(data: unknown[], items: PageItems, url: string, query: Query): PageEnvelope {
  const { after_item: _after, before_item: _before, ...rest } = query;
  const at = (name: string, item: string | null): string | null =>
    item === null ? null : `${url}?${new URLSearchParams({ ...rest, [name]: item })}`;
  return {
    data,
    next_page_after_item: items.after,
    previous_page_before_item: items.before,
    next_page_url: at('after_item', items.after),
    previous_page_url: at('before_item', items.before),
  };
}

export type CursorQuery = {
  limit: number;
  desc: boolean;
  /** null: the first page. */
  cursor: { side: 'after' | 'before'; id: string } | null;
};

/** @throws Failure `invalid_input` naming the parameter and its rule */
export function readCursorQuery(query: Query, sortKeys: readonly string[]): CursorQuery {
  readSortBy(query, { sortKeys, sortBy: sortKeys[0] as string, desc: true });
  const [after, before] = [query.after_item ?? '', query.before_item ?? ''];
  if (after !== '' && before !== '') {
    fail('invalid_input', { message: 'after_item and before_item exclude each other', field: 'before_item' });
  }
  return {
    limit: readWhole(query, 'limit', { least: 1, most: MAX_LIMIT, otherwise: DEFAULT_LIMIT }),
    desc: readBoolean(query, 'desc') ?? true,
    cursor:
      after !== '' ? { side: 'after', id: after } : before !== '' ? { side: 'before', id: before } : null,
  };
}
