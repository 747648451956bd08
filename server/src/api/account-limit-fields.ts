// What is set and shown of an account's limits and bounds: the fields, how they are written, and how they are
// shown. Called by the API of limits and by the operator's API of accounts.
import { z } from 'zod';
import { findOwnBounds, findPlanBounds, setOwnBounds } from '../accounts/account-bounds-store.ts';
import { type AccountBounds, BOUND_NAMES, MOST_OF_A_BOUND } from '../config/account-bounds.ts';
import { fail } from '../errors/failure.ts';
import { type AccountLimits, effectiveLimits, type OwnLimits } from '../limits/account-limits.ts';
import { findOwnLimits, findSetLimits, setOwnLimits } from '../limits/account-limits-store.ts';
import type { Sql } from '../postgres/database.ts';

export type LimitParts = {
  /** Of the installation; 0: none. */
  usual: Record<keyof AccountLimits, number>;
  usualBounds: AccountBounds;
};

const MOST = 2_147_483_647;
const rule = (least: number): string => `must be a whole number from ${least} to ${MOST}, or null`;
const limitFrom = (least: number) =>
  z
    .int(rule(least))
    .min(least, rule(least))
    .max(MOST, rule(least))
    .nullable()
    .describe("null: the installation's; 0: none");

const BOUND_RULE = `must be a whole number from 0 to ${MOST_OF_A_BOUND}, or null`;
const boundRule = z.int(BOUND_RULE).min(0, BOUND_RULE).max(MOST_OF_A_BOUND, BOUND_RULE).nullable();

export const limitFields = z
  .strictObject({
    runs_per_minute: limitFrom(0),
    execution_seconds_per_minute: limitFrom(0),
    concurrent_runs: limitFrom(0),
    queued_runs: limitFrom(1),
    payload_bytes: limitFrom(1),
  })
  .partial();

export const boundFields = z
  .partialRecord(z.enum(BOUND_NAMES), boundRule)
  .describe("of the things that an account has, by name; null: the installation's");

export const shownLimits = {
  runs_per_minute: z.int().nullable().describe('runs begun; null: there is no such limit'),
  execution_seconds_per_minute: z.int().nullable(),
  concurrent_runs: z.int().nullable(),
  queued_runs: z.int().nullable(),
  payload_bytes: z.int().describe("largest body of a request for a function; never above the installation's"),
};

export const shownBounds = z
  .record(z.string(), z.int())
  .describe('how many things of each kind it may have: docs/limits.md');

type Limits = z.infer<typeof limitFields>;
type Bounds = z.infer<typeof boundFields>;
export type ShownLimits = {
  limits: z.infer<z.ZodObject<typeof shownLimits>>;
  bounds: Record<string, number>;
};

/** @throws Failure `not_found` */
export async function showLimits(
  sql: Sql,
  { usual, usualBounds }: LimitParts,
  accountId: string,
): Promise<ShownLimits> {
  const set = await findSetLimits(sql, accountId);
  if (set === null) return noSuchAccount();
  const limits = effectiveLimits(set, usual);
  return {
    limits: {
      runs_per_minute: limits.runsPerMinute,
      execution_seconds_per_minute: limits.executionSecondsPerMinute,
      concurrent_runs: limits.concurrentRuns,
      queued_runs: limits.queuedRuns,
      payload_bytes: limits.payloadBytes ?? usual.payloadBytes,
    },
    bounds: {
      ...usualBounds,
      ...(await findPlanBounds(sql, accountId)),
      ...(await findOwnBounds(sql, accountId)),
    },
  };
}

type Own = { limits: Record<string, number>; bounds: Record<string, number> };

/** What the account has of its own, by the same names. */
export async function findOwn(sql: Sql, accountId: string): Promise<Own> {
  const own = await findOwnLimits(sql, accountId);
  const limits = {
    runs_per_minute: own?.runsPerMinute,
    execution_seconds_per_minute: own?.executionSecondsPerMinute,
    concurrent_runs: own?.concurrentRuns,
    queued_runs: own?.queuedRuns,
    payload_bytes: own?.payloadBytes,
  };
  const set = Object.entries(limits).flatMap(([name, limit]) =>
    typeof limit === 'number' ? [[name, limit] as const] : [],
  );
  return { limits: Object.fromEntries(set), bounds: (await findOwnBounds(sql, accountId)) ?? {} };
}

export function noSuchAccount(): never {
  return fail('not_found', { message: 'there is no such account' });
}

export type LimitChange = { limits?: Limits | undefined; bounds?: Bounds | undefined };

/**
 * Writes what differs from what is shown.
 * @throws Failure `not_found`, `invalid_input`
 */
export async function writeLimits(
  sql: Sql,
  parts: LimitParts,
  accountId: string,
  asked: LimitChange,
): Promise<void> {
  const shown = await showLimits(sql, parts, accountId);
  const limits: Limits = differing(asked.limits ?? {}, shown.limits);
  const change: Partial<OwnLimits> = {};
  if (limits.runs_per_minute !== undefined) change.runsPerMinute = limits.runs_per_minute;
  if (limits.execution_seconds_per_minute !== undefined) {
    change.executionSecondsPerMinute = limits.execution_seconds_per_minute;
  }
  if (limits.concurrent_runs !== undefined) change.concurrentRuns = limits.concurrent_runs;
  if (limits.queued_runs !== undefined) change.queuedRuns = limits.queued_runs;
  if (limits.payload_bytes !== undefined) {
    requirePayloadBytes(limits.payload_bytes, parts.usual.payloadBytes);
    change.payloadBytes = limits.payload_bytes;
  }
  await setOwnLimits(sql, accountId, change);
  await setOwnBounds(sql, accountId, differing(asked.bounds ?? {}, shown.bounds));
}

/**
 * What was read can be sent back: a number that the account has anyway doesn't become its own. A null takes
 * its own away.
 */
function differing<Asked extends object>(asked: Asked, shown: Record<string, unknown>): Asked {
  const entries = Object.entries(asked).filter(([name, value]) => value === null || value !== shown[name]);
  return Object.fromEntries(entries) as Asked;
}

/** @throws Failure `invalid_input` */
export function requirePayloadBytes(wanted: number | null | undefined, mostBytes: number): void {
  if ((wanted ?? 0) <= mostBytes) return;
  fail('invalid_input', {
    message: `payload_bytes: must be at most the installation's ${mostBytes} (MILLRACE_REQUEST_BYTES)`,
    field: 'payload_bytes',
    facts: { limitBytes: mostBytes },
  });
}
