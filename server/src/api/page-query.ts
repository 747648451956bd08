// How lists are paged: `?after=<next>&limit=`. Pure.
import { fail } from '../errors/failure.ts';

const DEFAULT_LIMIT = 50;
const MOST_LIMIT = 500;

export type PageQuery = { limit: number; after: string | null };
export type Page<Item> = {
  data: Item[] /** Hand it back as `after`; null on the last page. */;
  next: string | null;
};

/**
 * @param isCursor whether a text can be a cursor of this list
 * @throws Failure `invalid_input` naming the parameter
 */
export function readPageQuery(
  query: Record<string, unknown>,
  isCursor: (text: string) => boolean,
): PageQuery {
  return { limit: readLimit(query.limit), after: readAfter(query.after, isCursor) };
}

function readLimit(value: unknown): number {
  if (value === undefined) return DEFAULT_LIMIT;
  const limit = typeof value === 'string' && /^[0-9]{1,4}$/.test(value) ? Number(value) : 0;
  if (limit < 1 || limit > MOST_LIMIT) {
    fail('invalid_input', {
      message: `limit must be a whole number from 1 to ${MOST_LIMIT}`,
      field: 'limit',
    });
  }
  return limit;
}

function readAfter(value: unknown, isCursor: (text: string) => boolean): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && isCursor(value)) return value;
  return fail('invalid_input', { message: 'after must be the `next` of an earlier page', field: 'after' });
}

/**
 * @param items one more than `limit` where there are more
 * @param cursorOf the cursor that continues behind an item
 */
export function pageOf<Item, View>(
  items: readonly Item[],
  limit: number,
  cursorOf: (item: Item) => string,
  viewOf: (item: Item) => View,
): Page<View> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(viewOf),
    next: items.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}
