// What compile-query.ts asks of a table, whichever account or server owns it. Types, and what both kinds of
// tables share.
import type { Span } from './date-range.ts';
import type { Comparable, Metric, QueryFilter } from './query.ts';

/**
 * How one column or path is written in SQL. Each call may add parameters: in the order in which the text has
 * them.
 */
export type SqlTable = {
  from: string;
  /** Conditions that hold always. */
  own(): string[];
  /** As a JSON value, or what the driver makes of it. */
  group(field: string): string;
  /** An aggregate, as a float. */
  metric(metric: Metric): string;
  filter(filter: QueryFilter): string;
  /** null: the table has no time. */
  span(span: Span): string | null;
};

/** Collects parameters. */
export type Params = { values: unknown[]; add(value: unknown): string };

/** What `in` compares with; a single value where its list was forgotten. */
export function listOf(value: QueryFilter['value']): Comparable[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
