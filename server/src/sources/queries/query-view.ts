// A query as the API shows it. Pure.
import { type Frequency, metricName, type Query, type QueryDefinition, type QuerySource } from './query.ts';

export function queryView(query: Query): Record<string, unknown> {
  const { id, name, enabled, functionId, frequency } = query;
  return {
    ...{ id, name, enabled, ...definitionView(query.definition) },
    frequency: frequency === null ? null : frequencyView(frequency),
    function_id: functionId,
    metric_names: query.definition.metrics.map((metric) => metricName(query.definition.source, metric)),
    next_at: query.nextAt?.toISOString() ?? null,
    created_at: query.createdAt.toISOString(),
    modified_at: query.modifiedAt.toISOString(),
  };
}

function frequencyView(frequency: Frequency): Record<string, unknown> {
  if ('everyS' in frequency) return { every_s: frequency.everyS };
  return { cron: frequency.cron, time_zone: frequency.timeZone };
}

function definitionView(definition: QueryDefinition): Record<string, unknown> {
  const { dateRange: date_range, timeZone: time_zone, groupBy: group_by, metrics, filters } = definition;
  return { source: sourceView(definition.source), date_range, time_zone, group_by, metrics, filters };
}

function sourceView(given: QuerySource): Record<string, unknown> {
  if (given.kind === 'events') return { kind: given.kind, item_type: given.itemType };
  if (given.kind !== 'external') return given;
  const { kind, connection, table, dateColumn: date_column } = given;
  return { kind, connection, table, date_column };
}
