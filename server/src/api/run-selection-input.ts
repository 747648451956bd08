// Which runs a request about many of them means, as its body's `filter` says it; and where a batch goes on.
// Pure.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { storableText } from '../http/read-input.ts';
import type { BatchCursor } from '../queue/replay-runs.ts';
import { RUN_STATUSES } from '../runs/run.ts';
import type { RunSelection } from '../runs/run-selection.ts';

const MOST_RUN_IDS = 1_000;
const MOST_RUNS = 1_000;
const USUAL_RUNS = 100;

const name = storableText(200);
const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-17T08:00:00Z' });
const runId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be the id of a run');

const commonFields = {
  run_ids: z.array(runId).min(1).max(MOST_RUN_IDS),
  function_id: name,
  trigger: name.describe('what kind of thing started it: `account_event`, ...'),
  created_after: time,
  created_before: time,
  error_type: name.describe("the type of the run's error"),
  error_group: name.describe('of the faults that are alike: the id of one of /errors'),
};

/** Of dead runs, whose status is known. */
export const deadLetterFilterSchema = z.strictObject(commonFields).partial();
export const runFilterSchema = z
  .strictObject({
    ...commonFields,
    status: z.array(z.enum(RUN_STATUSES)).min(1).describe('any of them'),
  })
  .partial();

export const batchLimitSchema = z
  .int(`must be a whole number from 1 to ${MOST_RUNS}`)
  .min(1, `must be a whole number from 1 to ${MOST_RUNS}`)
  .max(MOST_RUNS, `must be a whole number from 1 to ${MOST_RUNS}`)
  .default(USUAL_RUNS);

export function selectionOf(filter: z.infer<typeof runFilterSchema>): RunSelection {
  const at = (text: string | undefined): Date | null => (text === undefined ? null : new Date(text));
  return {
    runIds: filter.run_ids ?? null,
    functionId: filter.function_id ?? null,
    statuses: filter.status ?? null,
    trigger: filter.trigger ?? null,
    createdAfter: at(filter.created_after),
    createdBefore: at(filter.created_before),
    errorType: filter.error_type ?? null,
    errorGroup: filter.error_group ?? null,
  };
}

/** The `next` of a batch. */
export function cursorText({ lastId, before }: BatchCursor): string {
  return `${lastId}~${before.getTime()}`;
}

/** @throws Failure `invalid_input` */
export function readCursor(text: string): BatchCursor {
  const [lastId = '', before = ''] = text.split('~');
  const isCursor = runId.safeParse(lastId).success && /^[0-9]{1,15}$/.test(before);
  if (isCursor) return { lastId, before: new Date(Number(before)) };
  return fail('invalid_input', {
    message: 'after: must be the `next` of an earlier answer',
    field: 'after',
  });
}
