// Makes SQL of a query: names that an account chose are quoted or matched against a list, values are
// parameters, and a query of the platform's own records never sees another world's. Pure; read-query.ts
// executes what comes out.
//
// What comes out has the columns g (the group), m0, m1, ... (the metrics), the largest first metric first,
// and one row more than the limit where there are more.
import type { World } from '../../accounts/account.ts';
import type { Span } from './date-range.ts';
import { type ExternalKind, externalTable } from './external-table.ts';
import { ownTable } from './own-tables.ts';
import type { QueryDefinition } from './query.ts';
import type { Params } from './sql-table.ts';

export type Statement = { text: string; values: unknown[] };

export type Compiling = {
  definition: QueryDefinition;
  world: World;
  span: Span | null;
  /** Groups that are kept. */
  mostGroups: number;
};

export function compileQuery(compiling: Compiling, external: ExternalKind | null): Statement {
  const { definition, world, span, mostGroups } = compiling;
  const params = paramsOf(external === 'mysql' ? 'mysql' : 'postgres');
  const { source, groupBy, metrics, filters } = definition;
  const table =
    source.kind === 'external'
      ? externalTable(source, external ?? 'postgres', params)
      : ownTable(source, world, params);
  // In the order of the text, because MySQL counts its parameters.
  const columns = [
    `${groupBy === null ? 'null' : table.group(groupBy)} as g`,
    ...metrics.map((metric, at) => `${table.metric(metric)} as m${at}`),
  ];
  const where = [
    ...table.own(),
    ...filters.map((filter) => table.filter(filter)),
    ...(span === null ? [] : [table.span(span)]),
  ].filter((condition) => condition !== null);
  const nulls = external === 'mysql' ? '' : ' nulls last';
  const text = [
    `select ${columns.join(', ')}`,
    `from ${table.from}`,
    where.length === 0 ? '' : `where ${where.join(' and ')}`,
    groupBy === null ? '' : 'group by 1',
    `order by 2 desc${nulls}, 1 limit ${mostGroups + 1}`,
  ];
  return { text: text.filter((line) => line !== '').join('\n'), values: params.values };
}

function paramsOf(kind: ExternalKind): Params {
  const values: unknown[] = [];
  return {
    values,
    add(value) {
      values.push(value);
      return kind === 'mysql' ? '?' : `$${values.length}`;
    },
  };
}
