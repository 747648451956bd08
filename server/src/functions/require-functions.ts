// Whether functions that something names are its own account's and mode's: asked when it is saved. Run time
// looks again, since a function may be deleted meanwhile. One sentence for another account's function and for
// none: which it is isn't shown.
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';

/** `field`: as the caller spelled it, e.g. `nodes[2].function_id`. */
export type NamedFunction = { field: string; id: string };

/**
 * @param known ids that the thing named before: one that was deleted meanwhile must not keep it from being
 * changed, or sent back
 * @throws Failure `invalid_input` naming the first field whose function isn't there
 */
export async function requireFunctions(
  sql: Sql,
  world: World,
  given: readonly NamedFunction[],
  known: readonly (string | null)[] = [],
): Promise<void> {
  const named = given.filter(({ id }) => !known.includes(id));
  if (named.length === 0) return;
  const rows = await sql.query<{ id: string }>(
    'select id from functions where account_id = $1 and mode = $2 and id = any($3)',
    [world.accountId, world.mode, [...new Set(named.map(({ id }) => id))]],
  );
  const own = new Set(rows.map(({ id }) => id));
  const unknown = named.find(({ id }) => !own.has(id));
  if (unknown === undefined) return;
  const { field } = unknown;
  fail('invalid_input', { message: `${field}: there is no such function in this account and mode`, field });
}
