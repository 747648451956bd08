// How lists of API v2 are asked for: `limit` from 1 to 25 and `page` from 1 (docs/specs/revcent.md section
// 8). Pure.
import { z } from 'zod';
import { readInput } from '../../http/read-input.ts';

const MOST = 25;
const FURTHEST_PAGE = 1_000_000;

const schema = z.object({
  limit: z.coerce.number('must be a number').int().min(1).max(MOST).default(MOST),
  page: z.coerce.number('must be a number').int().min(1).max(FURTHEST_PAGE).default(1),
});

export function readPage(query: Record<string, unknown>): { limit: number; page: number; offset: number } {
  const { limit, page } = readInput(schema, query, 'the query');
  return { limit, page, offset: (page - 1) * limit };
}
