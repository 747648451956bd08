// A query that an account saves: what it counts and adds up, over which records, of what time, how often.
// Pure data.
import type { World } from '../../accounts/account.ts';

export const METRIC_FUNCTIONS = ['count', 'sum', 'avg', 'min', 'max'] as const;
export const QUERY_OPERATORS = [
  'equals',
  'not_equals',
  'greater',
  'less',
  'contains',
  'exists',
  'missing',
  'in',
] as const;
export const RANGE_PRESETS = [
  'last_24_hours',
  'today',
  'yesterday',
  'this_week',
  'last_week',
  'last_7_days',
  'last_30_days',
  'last_90_days',
  'this_month',
  'last_month',
  'this_year',
  'last_year',
  'all_time',
] as const;

/** What is asked: the account's own records, or a table of a database that the operator lets it read. */
export type QuerySource =
  | { kind: 'events'; itemType: string }
  | { kind: 'runs' }
  | { kind: 'key_values' }
  | { kind: 'external'; connection: string; table: string; dateColumn: string | null };

export type Metric = {
  function: (typeof METRIC_FUNCTIONS)[number];
  /** null: of `count`, which counts records then. */
  field: string | null;
};

/** A value that is compared with; a list for `in`. */
export type Comparable = string | number | boolean;
export type QueryFilter = {
  field: string;
  operator: (typeof QUERY_OPERATORS)[number];
  value?: Comparable | Comparable[];
};

export type DateRange =
  | { preset: (typeof RANGE_PRESETS)[number] }
  /** Days, `YYYY-MM-DD`, both of them included. */
  | { from: string; to: string };

export type QueryDefinition = {
  source: QuerySource;
  dateRange: DateRange;
  /** Where days begin. */
  timeZone: string;
  /** null: everything is one group. */
  groupBy: string | null;
  metrics: Metric[];
  /** All of them must hold. */
  filters: QueryFilter[];
};

export type Frequency = { cron: string; timeZone: string } | { everyS: number };

export type Query = World & {
  id: string;
  name: string;
  enabled: boolean;
  definition: QueryDefinition;
  frequency: Frequency | null;
  functionId: string | null;
  nextAt: Date | null;
  createdAt: Date;
  modifiedAt: Date;
};

/** As a function gets it: `group_by_value`, and each metric by its name. */
export type ResultRow = { group_by_value: unknown } & Record<string, unknown>;
export type QueryResults = { rows: ResultRow[]; isTruncated: boolean };

/** What the records are called in the names of metrics: `sale` of `sale_sum_amount_gross`. */
export function itemOf(source: QuerySource): string {
  switch (source.kind) {
    case 'events':
      return source.itemType;
    case 'runs':
      return 'run';
    case 'key_values':
      return 'key_value';
    case 'external':
      return source.table.split('.').at(-1) ?? source.table;
  }
}

/** `<item>_<function>_<field>`. */
export function metricName(source: QuerySource, metric: Metric): string {
  const field = metric.field?.replace(/^item_details\./, '').replace(/[^0-9A-Za-z]+/g, '_');
  return [itemOf(source), metric.function, ...(field === undefined ? [] : [field])].join('_');
}
