// Answers a query: finds the database, makes the SQL, asks, and names what comes back. Few at a time over all
// accounts. Built by roles/; called by the API for a look, and by work-execution.ts.
import type { World } from '../../accounts/account.ts';
import type { QueryDatabase } from '../../config/query-sources.ts';
import { fail } from '../../errors/failure.ts';
import { compileQuery } from './compile-query.ts';
import { type Span, spanOf } from './date-range.ts';
import { metricName, type QueryDefinition, type QueryResults, type ResultRow } from './query.ts';
import { type Ask, askOther, QueryError, type Row } from './query-databases.ts';

export type Answer = QueryResults & { span: Span | null };
export type Question = {
  world: World;
  definition: QueryDefinition /** What `today` means. Unix ms. */;
  atMs: number;
};
/** @throws QueryError; Failure `too_many_requests` where too many are going on */
export type AnswerQuery = (question: Question) => Promise<Answer>;

type Parts = {
  askOwn: Ask;
  databases: readonly QueryDatabase[];
  /** Whose are the databases without a list of accounts. */
  firstAccountId: string;
  mostGroups: number;
  timeoutMs: number;
  /** An account may have half of them. */
  mostAtOnce: number;
};

export function createQueryAnswerer(parts: Parts): AnswerQuery {
  /** Accounts whose queries are going on, one entry for each query. */
  const going: string[] = [];
  return async (question) => {
    const { accountId } = question.world;
    const ofAccount = going.filter((id) => id === accountId).length;
    if (going.length >= parts.mostAtOnce || ofAccount >= Math.ceil(parts.mostAtOnce / 2)) {
      fail('too_many_requests', { message: `${going.length} queries are going on already: try again` });
    }
    going.push(accountId);
    try {
      return await answer(parts, question);
    } finally {
      going.splice(going.indexOf(accountId), 1);
    }
  };
}

async function answer(parts: Parts, { world, definition, atMs }: Question): Promise<Answer> {
  const { mostGroups, timeoutMs } = parts;
  const { source, dateRange, timeZone } = definition;
  const span = spanOf(dateRange, timeZone, atMs);
  const other = source.kind === 'external' ? databaseOf(parts, world, source.connection) : null;
  const statement = compileQuery({ definition, world, span, mostGroups }, other?.kind ?? null);
  const ask = other === null ? parts.askOwn : askOther(other);
  const rows = await ask(statement, timeoutMs);
  const named = rows.slice(0, mostGroups).map((row) => resultOf(definition, row));
  return { rows: named, isTruncated: rows.length > mostGroups, span };
}

/** Names that an account may use. */
export function databasesFor(
  { databases, firstAccountId }: Pick<Parts, 'databases' | 'firstAccountId'>,
  { accountId }: World,
): QueryDatabase[] {
  return databases.filter(({ accounts }) =>
    accounts === null ? accountId === firstAccountId : accounts === '*' || accounts.includes(accountId),
  );
}

/** What an account may not read isn't there for it. */
function databaseOf(parts: Parts, world: World, name: string): QueryDatabase {
  const found = databasesFor(parts, world).find((database) => database.name === name);
  if (found !== undefined) return found;
  throw new QueryError(`there is no database ${name} that this account may read`, false);
}

function resultOf({ source, metrics }: QueryDefinition, row: Row): ResultRow {
  const values = metrics.map((metric, at) => [metricName(source, metric), row[`m${at}`]]);
  return { group_by_value: row.g ?? null, ...Object.fromEntries(values) };
}
