// What endpoints read of a query: declared once, by name. The description shows it, and nothing else of a
// query reaches an endpoint: what it reads and doesn't declare would always be missing. Pure. Called by
// millrace-api.ts and openapi.ts.
import { z } from 'zod';

export type QueryParameters = Readonly<Record<string, z.ZodType>>;

/** One short text. */
export function textParameter(description: string): z.ZodType {
  return z.string().max(200).describe(description);
}

const PAGING: QueryParameters = {
  limit: z.int().min(1).max(500).default(50),
  after: z.string().describe('the `next` of the page before'),
};

type Declaring = { query?: QueryParameters; isPaged?: true };

export function parametersOf({ query = {}, isPaged }: Declaring): QueryParameters {
  return isPaged === true ? { ...query, ...PAGING } : query;
}

/** @returns a reader that takes what is declared out of a query */
export function createDeclaredReader(endpoint: Declaring): (query: unknown) => Record<string, unknown> {
  const names = Object.keys(parametersOf(endpoint));
  return (query) => {
    const given = query as Record<string, unknown>;
    return Object.fromEntries(
      names.flatMap((name) => (Object.hasOwn(given, name) ? [[name, given[name]]] : [])),
    );
  };
}
