// How the platform's own records are asked: events of one item type, runs, key values. Every one of them
// within the asking world alone. A path of an event may lead to anything: what is no number adds nothing to a
// sum. Pure; called by compile-query.ts.
import type { World } from '../../accounts/account.ts';
import type { Comparable, Metric, QueryFilter, QuerySource } from './query.ts';
import { listOf, type Params, type SqlTable } from './sql-table.ts';

type OwnSource = Exclude<QuerySource, { kind: 'external' }>;

const EVENT_COLUMNS: Record<string, string> = {
  item_type: 't.item_type',
  item_id: 't.item_id',
  event: 't.type',
  campaign: 't.campaign',
  shop: 't.shop',
};
const RUN_COLUMNS: Record<string, string> = {
  function_id: 't.function_id',
  function_name: 'f.name',
  trigger: 't.trigger',
  status: 't.status::text',
  version: 't.version::text',
  attempts: 't.attempts::text',
  duration_ms: 't.duration_ms::text',
  memory_peak_bytes: 't.memory_peak_bytes::text',
  response_status: 't.response_status::text',
  error_type: `t.error->>'type'`,
};
const KEY_COLUMNS: Record<string, string> = {
  key: 't.key',
  key_type: 't.key_type',
  pointer_type: 't.pointer_type',
  size_bytes: 't.size_bytes::text',
};

const TABLES = {
  events: { from: 'events t', columns: EVENT_COLUMNS, time: 't.happened_at' },
  runs: {
    from: 'runs t left join functions f on f.id = t.function_id and f.account_id = t.account_id',
    columns: RUN_COLUMNS,
    time: 't.created_at',
  },
  key_values: { from: 'key_values t', columns: KEY_COLUMNS, time: 't.modified_at' },
} as const;

const DETAILS = 'item_details';
const PATH = /^item_details(\.[^.]{1,100}){1,20}$/;

/** @returns what is wrong with the name of a field, in words; null: nothing */
export function ownFieldProblem(kind: OwnSource['kind'], field: string): string | null {
  const { columns } = TABLES[kind];
  if (Object.hasOwn(columns, field)) return null;
  if (kind === 'events' && PATH.test(field)) return null;
  const names = [...Object.keys(columns), ...(kind === 'events' ? [`${DETAILS}.<path>`] : [])];
  return `must be one of ${names.join(', ')}`;
}

/** Numbers as people write them; 1e999 is none. */
const NUMBER = `'^-?[0-9]{1,100}(\\.[0-9]{1,100})?([eE][+-]?[0-9]{1,2})?$'`;

export function ownTable(source: OwnSource, world: World, params: Params): SqlTable {
  const { from, columns, time } = TABLES[source.kind];
  const pathOf = (field: string): string[] => field.split('.').slice(1);
  const isPath = (field: string): boolean => source.kind === 'events' && field.startsWith(`${DETAILS}.`);
  const text = (field: string): string => {
    if (isPath(field)) return `(t.data #>> ${params.add(pathOf(field))}::text[])`;
    const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
    return `(${column ?? 'null::text'})`;
  };
  /** Two of the same text: PostgreSQL counts no parameters twice, so each is added for itself. */
  const number = (field: string): string =>
    `(case when ${text(field)} ~ ${NUMBER} then ${text(field)}::numeric end)`;
  return {
    from,
    own: () => [
      `t.account_id = ${params.add(world.accountId)}`,
      `t.mode = ${params.add(world.mode)}`,
      ...(source.kind === 'events' ? [`t.item_type = ${params.add(source.itemType)}`] : []),
    ],
    group: (field) => (isPath(field) ? scalar(params.add(pathOf(field))) : `to_jsonb(${text(field)})`),
    metric: (metric) => aggregate(metric, text, number),
    filter: (filter) => condition(filter, { text, number, params }),
    span: ({ fromMs, toMs }) =>
      `${time} >= ${params.add(new Date(fromMs))} and ${time} < ${params.add(new Date(toMs))}`,
  };
}

/** Lists and objects are no groups. */
function scalar(path: string): string {
  return `case when jsonb_typeof(t.data #> ${path}::text[]) in ('object', 'array') then null else t.data #> ${path}::text[] end`;
}

type Writer = (field: string) => string;

function aggregate({ function: name, field }: Metric, text: Writer, number: Writer): string {
  if (field === null) return 'count(*)::float8';
  if (name === 'count') return `count(${text(field)})::float8`;
  return name === 'sum' ? `coalesce(sum(${number(field)}), 0)::float8` : `${name}(${number(field)})::float8`;
}

type Writers = { text: Writer; number: Writer; params: Params };

function condition({ field, operator, value }: QueryFilter, writers: Writers): string {
  const { text, params } = writers;
  switch (operator) {
    case 'exists':
      return `${text(field)} is not null`;
    case 'missing':
      return `${text(field)} is null`;
    case 'contains':
      return `strpos(${text(field)}, ${params.add(String(value))}) > 0`;
    case 'not_equals':
      return `(${compared(field, '=', value as Comparable, writers)}) is not true`;
    case 'in': {
      const each = listOf(value).map((one) => compared(field, '=', one, writers));
      return each.length === 0 ? 'false' : `(${each.join(' or ')})`;
    }
    case 'equals':
      return compared(field, '=', value as Comparable, writers);
    case 'greater':
      return compared(field, '>', value as Comparable, writers);
    case 'less':
      return compared(field, '<', value as Comparable, writers);
  }
}

/** With a number as numbers, `12.50` being 12.5; with all else as texts. */
function compared(field: string, sign: string, value: Comparable, { text, number, params }: Writers): string {
  if (typeof value === 'number') return `${number(field)} ${sign} ${params.add(value)}::numeric`;
  return `${text(field)} ${sign} ${params.add(String(value))}`;
}
