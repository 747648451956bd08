// How a table of the operator's database is asked. Names are quoted, whatever they hold; tables of the
// database system itself are refused. Times are read as UTC where a column has no zone. Pure; called by
// compile-query.ts.
import type { Comparable, Metric, QueryFilter, QuerySource } from './query.ts';
import { listOf, type Params, type SqlTable } from './sql-table.ts';

export type ExternalKind = 'postgres' | 'mysql';

type ExternalSource = Extract<QuerySource, { kind: 'external' }>;

const SYSTEM = /^(pg_.*|information_schema|mysql|performance_schema|sys)$/i;

/** @returns what is wrong with the name of a table, in words; null: nothing */
export function tableProblem(table: string): string | null {
  const parts = table.split('.');
  if (parts.length > 2 || parts.some((part) => part === '')) return 'must be a table, or schema.table';
  return parts.some((part) => SYSTEM.test(part)) ? 'must not be a table of the database system' : null;
}

export function externalTable(source: ExternalSource, kind: ExternalKind, params: Params): SqlTable {
  const isPostgres = kind === 'postgres';
  const column = (name: string): string => quoted(name, kind);
  return {
    from: source.table.split('.').map(column).join('.'),
    own: () => [],
    group: (field) => (isPostgres ? `to_jsonb(${column(field)})` : column(field)),
    metric: (metric) => aggregate(metric, column, isPostgres),
    filter: (filter) => condition(filter, { column, params, isPostgres }),
    span: ({ fromMs, toMs }) => {
      if (source.dateColumn === null) return null;
      const time = column(source.dateColumn);
      const [from, to] = [fromMs, toMs].map((ms) => params.add(timeText(ms, isPostgres)));
      return `${time} >= ${from} and ${time} < ${to}`;
    },
  };
}

function quoted(name: string, kind: ExternalKind): string {
  const mark = kind === 'postgres' ? '"' : '`';
  return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`;
}

/** A text, so that it becomes whatever the column is. MySQL's sessions are in UTC and know no `Z`. */
function timeText(ms: number, isPostgres: boolean): string {
  const iso = new Date(ms).toISOString();
  return isPostgres ? iso : iso.slice(0, 23).replace('T', ' ');
}

type Writer = (field: string) => string;

function aggregate({ function: name, field }: Metric, column: Writer, isPostgres: boolean): string {
  const counted = field === null ? 'count(*)' : `${name}(${column(field)})`;
  const whole = name === 'sum' ? `coalesce(${counted}, 0)` : counted;
  return isPostgres ? `(${whole})::float8` : `(${whole} + 0e0)`;
}

type Writers = { column: Writer; params: Params; isPostgres: boolean };

function condition({ field, operator, value }: QueryFilter, writers: Writers): string {
  const { column, params, isPostgres } = writers;
  const is = (sign: string, one: Comparable): string =>
    `${column(field)} ${sign} ${params.add(isPostgres ? String(one) : one)}`;
  switch (operator) {
    case 'exists':
      return `${column(field)} is not null`;
    case 'missing':
      return `${column(field)} is null`;
    case 'contains':
      return isPostgres
        ? `strpos(${column(field)}::text, ${params.add(String(value))}) > 0`
        : `instr(${column(field)}, ${params.add(String(value))}) > 0`;
    case 'not_equals':
      return `(${is('=', value as Comparable)}) is not true`;
    case 'in': {
      const each = listOf(value).map((one) => is('=', one));
      return each.length === 0 ? '1 = 0' : `(${each.join(' or ')})`;
    }
    case 'equals':
      return is('=', value as Comparable);
    case 'greater':
      return is('>', value as Comparable);
    case 'less':
      return is('<', value as Comparable);
  }
}
