// Reads a query as the API takes it: every field known, every name of a metric its own. Pure; whether an
// external table has such columns its database says.
import { z } from 'zod';
import { readCron } from '../../cron/cron-expression.ts';
import { timeZoneProblem } from '../../cron/time-zone.ts';
import { fail } from '../../errors/failure.ts';
import { NAME_CHARACTERS } from '../../functions/function-name.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import { tableProblem } from './external-table.ts';
import { ownFieldProblem } from './own-tables.ts';
import {
  type DateRange,
  type Frequency,
  METRIC_FUNCTIONS,
  metricName,
  QUERY_OPERATORS,
  type Query,
  type QueryDefinition,
  type QuerySource,
  RANGE_PRESETS,
} from './query.ts';

const MOST_METRICS = 20;
const MOST_FILTERS = 50;
const MOST_IN = 200;
const FIELD_CHARACTERS = 300;
const VALUE_CHARACTERS = 1_000;
const LEAST_EVERY_S = 60;
const MOST_EVERY_S = 366 * 86_400;

const filled = (characters: number) =>
  storableText(characters).refine((text) => text.trim() !== '', 'must not be empty');
const field = filled(FIELD_CHARACTERS);
const timeZone = z.string().superRefine((name, issues) => {
  const problem = timeZoneProblem(name);
  if (problem !== null) issues.addIssue({ code: 'custom', message: problem });
});
const day = z.iso.date('must be a day such as 2026-01-31');
const comparable = z.union([storableText(VALUE_CHARACTERS), z.number(), z.boolean()]);

const source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('events'),
    item_type: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be lower-case letters, digits and _'),
  }),
  z.strictObject({ kind: z.literal('runs') }),
  z.strictObject({ kind: z.literal('key_values') }),
  z.strictObject({
    ...{ kind: z.literal('external'), connection: z.string().max(64) },
    table: z
      .string()
      .max(FIELD_CHARACTERS)
      .superRefine((table, issues) => {
        const problem = tableProblem(table);
        if (problem !== null) issues.addIssue({ code: 'custom', message: problem });
      }),
    date_column: field.nullable().default(null),
  }),
]);

const definitionShape = {
  source,
  date_range: z
    .union([z.strictObject({ preset: z.enum(RANGE_PRESETS) }), z.strictObject({ from: day, to: day })])
    .default({ preset: 'all_time' }),
  time_zone: timeZone.default('UTC'),
  group_by: field.nullable().default(null),
  metrics: z
    .array(z.strictObject({ function: z.enum(METRIC_FUNCTIONS), field: field.nullable().default(null) }))
    .min(1, 'must hold at least one')
    .max(MOST_METRICS),
  filters: z
    .array(
      z.strictObject({
        ...{ field, operator: z.enum(QUERY_OPERATORS) },
        value: z.union([comparable, z.array(comparable).max(MOST_IN)]).optional(),
      }),
    )
    .max(MOST_FILTERS)
    .default([]),
};

const frequency = z.union([
  z.strictObject({
    cron: z.string().superRefine((text, issues) => {
      const read = readCron(text);
      if ('problem' in read) issues.addIssue({ code: 'custom', message: read.problem });
    }),
    time_zone: timeZone.default('UTC'),
  }),
  z.strictObject({ every_s: z.int().min(LEAST_EVERY_S).max(MOST_EVERY_S) }),
]);

export const definitionSchema = z.strictObject(definitionShape);
export const querySchema = z.strictObject({
  name: filled(NAME_CHARACTERS),
  enabled: z.boolean().default(true),
  ...definitionShape,
  frequency: frequency.nullable().default(null),
  function_id: z
    .string()
    .regex(/^[0-9A-Za-z_-]{1,64}$/)
    .nullable()
    .default(null)
    .describe('is given the results'),
});

export type QueryFields = Pick<Query, 'name' | 'enabled' | 'definition' | 'frequency' | 'functionId'>;

/** @throws Failure `invalid_input` naming the field */
export function readQuery(body: unknown): QueryFields {
  const read = readInput(querySchema, body, 'the request body');
  const { name, enabled, function_id: functionId } = read;
  return {
    name,
    enabled,
    functionId,
    frequency: frequencyOf(read.frequency),
    definition: definitionOf(read),
  };
}

/** @throws Failure `invalid_input` naming the field */
export function readDefinition(body: unknown): QueryDefinition {
  return definitionOf(readInput(definitionSchema, body, 'the request body'));
}

function definitionOf(read: z.infer<typeof definitionSchema>): QueryDefinition {
  const { metrics, group_by: groupBy, time_zone: zone } = read;
  const dateRange: DateRange = read.date_range;
  if ('from' in dateRange && dateRange.from > dateRange.to)
    refuse('date_range.from', 'must not be after date_range.to');
  const definition: QueryDefinition = {
    ...{ source: sourceOf(read.source), dateRange, timeZone: zone, groupBy, metrics },
    filters: read.filters.map(({ field, operator, value }) =>
      value === undefined ? { field, operator } : { field, operator, value },
    ),
  };
  checkMetrics(definition);
  checkFilters(definition);
  checkFields(definition);
  return definition;
}

function sourceOf(given: z.infer<typeof source>): QuerySource {
  switch (given.kind) {
    case 'events':
      return { kind: 'events', itemType: given.item_type };
    case 'external': {
      const { kind, connection, table, date_column: dateColumn } = given;
      return { kind, connection, table, dateColumn };
    }
    default:
      return given;
  }
}

function frequencyOf(given: z.infer<typeof frequency> | null): Frequency | null {
  if (given === null) return null;
  return 'cron' in given ? { cron: given.cron, timeZone: given.time_zone } : { everyS: given.every_s };
}

function checkMetrics({ source, metrics }: QueryDefinition): void {
  const names = new Set<string>();
  for (const [at, metric] of metrics.entries()) {
    if (metric.field === null && metric.function !== 'count')
      refuse(`metrics.${at}.field`, `is required for ${metric.function}`);
    const name = metricName(source, metric);
    if (names.has(name)) refuse(`metrics.${at}`, `would be a second ${name}`);
    names.add(name);
  }
}

const WITHOUT_VALUE = ['exists', 'missing'];

function checkFilters({ filters }: QueryDefinition): void {
  for (const [at, { operator, value }] of filters.entries()) {
    const name = `filters.${at}.value`;
    if (WITHOUT_VALUE.includes(operator)) {
      if (value !== undefined) refuse(name, `must be left out for ${operator}`);
    } else if (operator === 'in') {
      if (!Array.isArray(value)) refuse(name, 'must be a list for in');
    } else if (value === undefined || Array.isArray(value)) {
      refuse(name, `must be one value for ${operator}`);
    }
  }
}

function checkFields({ source, groupBy, metrics, filters, dateRange }: QueryDefinition): void {
  if (source.kind === 'external') {
    const isBounded = !('preset' in dateRange && dateRange.preset === 'all_time');
    if (isBounded && source.dateColumn === null) refuse('source.date_column', 'is required for a date range');
    return;
  }
  const named: [string, string | null][] = [
    ['group_by', groupBy],
    ...metrics.map(({ field: name }, at): [string, string | null] => [`metrics.${at}.field`, name]),
    ...filters.map(({ field: name }, at): [string, string | null] => [`filters.${at}.field`, name]),
  ];
  for (const [where, name] of named) {
    const problem = name === null ? null : ownFieldProblem(source.kind, name);
    if (problem !== null) refuse(where, problem);
  }
}

function refuse(name: string, rule: string): never {
  return fail('invalid_input', { message: `${name}: ${rule}`, field: name });
}
