// What a run has to know of its endpoint, at once and without the database: the portal id, which variables
// are secrets, and its folder. Read whole at the start and again when notified of a change. Called by
// hubspot-adapter.ts.
import { FreshCopy } from '../../../memory/fresh-copy.ts';
import type { Sql } from '../../../postgres/database.ts';

export type EndpointFacts = { portalId: number; secretNames: string[]; folder: string };

/** By function id. */
async function readEndpointFacts(sql: Sql): Promise<Map<string, EndpointFacts>> {
  // Of every account: this is what the whole node runs.
  const rows = await sql.query<{
    function_id: string;
    portal_id: number;
    secret_names: string[];
    folder: string;
  }>(
    `select e.function_id, e.secret_names, e.folder,
       coalesce((select p.portal_id from portals p
         where p.account_id = e.account_id and p.mode = e.mode order by p.created_at, p.portal_id limit 1), a.number) as portal_id
     from endpoints e join accounts a on a.id = e.account_id`,
  );
  return new Map(
    rows.map(({ function_id, portal_id: portalId, secret_names: secretNames, folder }) => [
      function_id,
      { portalId, secretNames, folder },
    ]),
  );
}

export type FactsKeeper = {
  find(functionId: string): EndpointFacts | undefined;
  /** Something changed: reads again. Resolves when that has been read. */
  refresh(): Promise<void>;
};

/** Resolves when they have been read. */
export async function keepEndpointFacts(sql: Sql, onError: (error: unknown) => void): Promise<FactsKeeper> {
  const facts = await FreshCopy.open(() => readEndpointFacts(sql), onError);
  return { find: (functionId) => facts.value.get(functionId), refresh: () => facts.refresh() };
}
