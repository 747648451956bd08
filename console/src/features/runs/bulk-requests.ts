// What is done to many runs at once, in portions: each says how many it did, and where the next one begins.
// Called by bars of lists.
import { Refusal, read, type Schemas } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import { type RunFilter, runQueryOf, type selectionOf } from './run-search.ts';

export type Portion = { done: number; skipped: number; next: string | null };
/** @param after where the portion before has ended; null: the first */
export type Job = (after: string | null) => Promise<Portion>;
export type Selection = ReturnType<typeof selectionOf> | { run_ids: string[] } | { error_group: string };
export type Version = 'active' | 'same';

const PORTION = 50;
const CANCELLED_TOGETHER = 4;

function portionOf(batch: Schemas['ReplayBatch']): Portion {
  if (batch.stopped !== null) throw new Error(batch.stopped.message);
  return { done: batch.replayed.length, skipped: batch.skipped.length, next: batch.next };
}

export function replayJob({ api }: Where, filter: Selection, version: Version): Job {
  return async (after) =>
    portionOf(await read(api.POST('/runs/replay', { body: { filter, version, limit: PORTION, after } })));
}

export function redriveJob({ api }: Where, filter: Selection, version: Version): Job {
  const { status: _, ...letters } = { status: undefined, ...filter };
  const body = { filter: letters, version, limit: PORTION };
  return async (after) =>
    portionOf(await read(api.POST('/dead-letters/redrive', { body: { ...body, after } })));
}

export function discardJob({ api }: Where, filter: Selection): Job {
  const { status: _, ...letters } = { status: undefined, ...filter };
  return async () => {
    const body = { filter: letters, limit: PORTION };
    const { discarded, more } = await read(api.POST('/dead-letters/discard', { body }));
    return { done: discarded, skipped: 0, next: more ? 'more' : null };
  };
}

/** Those that are named, or all that the filter finds. One that has ended meanwhile is skipped. */
export function cancelJob(
  where: Where,
  wanted: { ids: string[] } | RunFilter,
  functionId: string | null,
): Job {
  const { api } = where;
  return async (after) => {
    if ('ids' in wanted) return { ...(await cancelAll(where, wanted.ids)), next: null };
    const query = { ...runQueryOf(wanted, functionId), limit: PORTION, ...(after === null ? {} : { after }) };
    const { data, next } = await read(api.GET('/runs', { params: { query } }));
    return {
      ...(await cancelAll(
        where,
        data.map(({ id }) => id),
      )),
      next,
    };
  };
}

async function cancelAll({ api }: Where, ids: readonly string[]): Promise<{ done: number; skipped: number }> {
  const count = { done: 0, skipped: 0 };
  for (let from = 0; from < ids.length; from += CANCELLED_TOGETHER) {
    await Promise.all(
      ids.slice(from, from + CANCELLED_TOGETHER).map(async (id) => {
        try {
          await read(api.POST('/runs/{id}/cancel', { params: { path: { id } } }));
          count.done += 1;
        } catch (error) {
          if (!(error instanceof Refusal) || error.status !== 422) throw error;
          count.skipped += 1;
        }
      }),
    );
  }
  return count;
}
