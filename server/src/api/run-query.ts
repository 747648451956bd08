// Which runs a list shows: `?status=&function_id=&trigger=&created_after=&created_before=&event_id=&item_id=`
// beside the paging. Pure.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { RUN_STATUSES, type RunStatus } from '../runs/run.ts';
import type { RunFilter } from '../runs/run-list-store.ts';
import { type QueryParameters, textParameter } from './query-parameters.ts';

/** What both lists of runs read of the query. */
export const RUN_PARAMETERS: QueryParameters = {
  trigger: textParameter('what kind of thing started it: `account_event`, ...'),
  status: z
    .string()
    .max(200)
    .describe(`one or several, apart by commas: ${RUN_STATUSES.map((one) => `\`${one}\``).join(', ')}`),
  created_after: z.iso.datetime({ offset: true }).describe('a day, or a time such as 2026-11-17T08:00:00Z'),
  created_before: z.iso.datetime({ offset: true }).describe('as created_after'),
  event_id: textParameter('caused by that event'),
  item_id: textParameter('caused by the newest 1,000 events of that item'),
  trace_id: textParameter('of the newest 1,000 runs of that trace (W3C, 32 digits)'),
  request_id: textParameter('of the newest 1,000 runs that a request with that `X-Request-Id` caused'),
};

export type RunListQuery = Omit<RunFilter, 'after' | 'functionIds' | 'eventIds' | 'runIds'> & {
  functionId: string | null;
  eventId: string | null;
  itemId: string | null;
  traceId: string | null;
  requestId: string | null;
};

/** @throws Failure `invalid_input` naming the parameter */
export function readRunFilter(query: Record<string, unknown>): RunListQuery {
  return {
    functionId: textOf(query, 'function_id'),
    trigger: textOf(query, 'trigger'),
    statuses: statusesOf(textOf(query, 'status')),
    createdAfter: timeOf(query, 'created_after'),
    createdBefore: timeOf(query, 'created_before'),
    eventId: textOf(query, 'event_id'),
    itemId: textOf(query, 'item_id'),
    traceId: traceOf(textOf(query, 'trace_id')),
    requestId: textOf(query, 'request_id'),
  };
}

function textOf(query: Record<string, unknown>, field: string): string | null {
  const value = query[field];
  if (value === undefined || value === '') return null;
  const isText = typeof value === 'string' && value.length <= 200 && !value.includes('\0');
  return isText ? value : fail('invalid_input', { message: `${field} must be one short text`, field });
}

function traceOf(value: string | null): string | null {
  if (value === null || /^[0-9a-f]{32}$/.test(value)) return value;
  return fail('invalid_input', { message: 'trace_id must be 32 digits from 0 to f', field: 'trace_id' });
}

function statusesOf(value: string | null): RunStatus[] | null {
  if (value === null) return null;
  const message = `status must be one or several of ${RUN_STATUSES.join(', ')}, apart by commas`;
  const statuses = [...new Set(value.split(','))].map((one) => RUN_STATUSES.find((known) => known === one));
  return statuses.map((one) => one ?? fail('invalid_input', { message, field: 'status' }));
}

/** @throws Failure `invalid_input` naming the parameter */
export function timeOf(query: Record<string, unknown>, field: string): Date | null {
  const value = textOf(query, field);
  if (value === null) return null;
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/.test(value);
  const at = new Date(isIso ? value : Number.NaN);
  if (!Number.isNaN(at.getTime())) return at;
  return fail('invalid_input', { message: `${field} must be a time such as 2026-11-17T08:00:00Z`, field });
}
