// Names of functions, for people: runs know ids alone.
import type { MillraceClient } from '@millrace/client';
import { take } from './take.ts';

/** One page: functions beyond stay ids. */
const MOST = 500;

/** By id. Nothing for a token that may not read functions: what is shown is of use without. */
export async function nameFunctions(
  api: MillraceClient,
  runs: readonly { function_id: string }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(runs.map(({ function_id }) => function_id));
  const [only] = ids;
  if (only === undefined) return new Map();
  const functions =
    ids.size === 1
      ? api.get('/functions/{id}', { params: { path: { id: only } } }).then((one) => [one])
      : take(api.list('/functions', { params: { query: { limit: MOST } } }), MOST);
  return new Map((await functions.catch(() => [])).map(({ id, name }) => [id, name]));
}
