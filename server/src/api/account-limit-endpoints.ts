// What an account may use: GET /account/limits. The operator, whose account is the installation's first, changes that of any:
// PATCH /account/limits for his own, /accounts/{id}/limits for all.
import { z } from 'zod';
import { findOwnBounds, type OwnBounds, setOwnBounds } from '../accounts/account-bounds-store.ts';
import { type AccountBounds, BOUND_NAMES, MOST_OF_A_BOUND } from '../config/account-bounds.ts';
import { fail } from '../errors/failure.ts';
import { BOTH_WORLDS, type TellAccountChange } from '../events/account-changes.ts';
import { readInput } from '../http/read-input.ts';
import { type AccountLimits, effectiveLimits, type OwnLimits } from '../limits/account-limits.ts';
import { findOwnLimits, setOwnLimits } from '../limits/account-limits-store.ts';
import type { Database } from '../postgres/database.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';

type Parts = {
  database: Database;
  /** Of the installation; 0: none. */
  usual: Record<keyof AccountLimits, number>;
  usualBounds: AccountBounds;
  operatorAccountId: string;
  tellChange: TellAccountChange;
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

const changeSchema = z
  .strictObject({
    runs_per_minute: limitFrom(0),
    execution_seconds_per_minute: limitFrom(0),
    concurrent_runs: limitFrom(0),
    queued_runs: limitFrom(1),
    payload_bytes: limitFrom(1),
    bounds: z
      .partialRecord(z.enum(BOUND_NAMES), boundRule)
      .describe("of the things that an account has, by name; null: the installation's"),
  })
  .partial();

const limitsSchema = z.object({
  account_id: z.string(),
  runs_per_minute: z.int().nullable().describe('runs begun; null: there is no such limit'),
  execution_seconds_per_minute: z.int().nullable(),
  concurrent_runs: z.int().nullable(),
  queued_runs: z.int().nullable(),
  payload_bytes: z.int().describe("largest body of a request for a function; never above the installation's"),
  bounds: z.record(z.string(), z.int()).describe('how many things of each kind it may have: docs/limits.md'),
});

const READ = { resource: 'accounts', method: 'read' } as const;
const UPDATE = { resource: 'accounts', method: 'update' } as const;

export function accountLimitEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/account/limits',
      summary: 'What the account may use, over all nodes',
      permit: READ,
      response: limitsSchema,
      answer: ({ world }) => show(parts, world.accountId),
    },
    {
      method: 'PATCH',
      path: '/account/limits',
      summary: "Changes what the operator's own account may use",
      permit: UPDATE,
      liveOnly: true,
      body: changeSchema,
      response: limitsSchema,
      answer: (request) => change(parts, request, request.world.accountId),
    },
    {
      method: 'GET',
      path: '/accounts/:id/limits',
      summary: 'What an account may use: for the operator, and for itself',
      permit: READ,
      response: limitsSchema,
      answer: async ({ world, params }) => {
        const { id = '' } = params;
        if (id !== world.accountId) requireOperator(parts, world.accountId);
        return await show(parts, id);
      },
    },
    {
      method: 'PATCH',
      path: '/accounts/:id/limits',
      summary: 'Changes what an account may use: for the operator',
      permit: UPDATE,
      liveOnly: true,
      body: changeSchema,
      response: limitsSchema,
      answer: (request) => change(parts, request, request.params.id ?? ''),
    },
  ];
}

async function change(parts: Parts, { world, body }: ApiRequest, accountId: string): Promise<unknown> {
  requireOperator(parts, world.accountId);
  const asked = readInput(changeSchema, body, 'the request body');
  const read = withoutShown(asked, (await show(parts, accountId)) as z.infer<typeof limitsSchema>);
  const change: Partial<OwnLimits> = {};
  if (read.runs_per_minute !== undefined) change.runsPerMinute = read.runs_per_minute;
  if (read.execution_seconds_per_minute !== undefined) {
    change.executionSecondsPerMinute = read.execution_seconds_per_minute;
  }
  if (read.concurrent_runs !== undefined) change.concurrentRuns = read.concurrent_runs;
  if (read.queued_runs !== undefined) change.queuedRuns = read.queued_runs;
  if (read.payload_bytes !== undefined) {
    change.payloadBytes = payloadBytesOf(read.payload_bytes, parts.usual.payloadBytes);
  }
  const own = await parts.database.transaction(async (sql) => {
    const changed = await setOwnLimits(sql, accountId, change);
    if (read.bounds !== undefined) await setOwnBounds(sql, accountId, read.bounds);
    if (changed !== null) await parts.tellChange(sql, accountId, { settings: 'limits', modes: BOTH_WORLDS });
    return changed;
  });
  return view(parts, accountId, { own, bounds: await findOwnBounds(parts.database, accountId) });
}

/** What was read can be sent back: a number that the account has anyway doesn't become its own. A null takes its own away. */
function withoutShown(
  { bounds, ...asked }: z.infer<typeof changeSchema>,
  shown: z.infer<typeof limitsSchema>,
): z.infer<typeof changeSchema> {
  const differs = ([name, value]: [string, unknown], from: Record<string, unknown>): boolean =>
    value === null || value !== from[name];
  const changed = Object.fromEntries(Object.entries(asked).filter((entry) => differs(entry, shown)));
  if (bounds === undefined) return changed;
  return {
    ...changed,
    bounds: Object.fromEntries(Object.entries(bounds).filter((entry) => differs(entry, shown.bounds))),
  };
}

/** @throws Failure `invalid_input` */
function payloadBytesOf(wanted: number | null, mostBytes: number): number | null {
  if (wanted === null || wanted <= mostBytes) return wanted;
  return fail('invalid_input', {
    message: `payload_bytes: must be at most the installation's ${mostBytes} (MILLRACE_REQUEST_BYTES)`,
    field: 'payload_bytes',
    facts: { limitBytes: mostBytes },
  });
}

async function show(parts: Parts, accountId: string): Promise<unknown> {
  const own = await findOwnLimits(parts.database, accountId);
  return view(parts, accountId, { own, bounds: await findOwnBounds(parts.database, accountId) });
}

/** @throws Failure `insufficient_permissions` */
function requireOperator({ operatorAccountId }: Parts, accountId: string): void {
  if (accountId === operatorAccountId) return;
  fail('insufficient_permissions', {
    message: "limits are changed by the operator, whose account is the installation's first",
  });
}

function view(
  { usual, usualBounds }: Parts,
  accountId: string,
  { own, bounds }: { own: OwnLimits | null; bounds: OwnBounds | null },
): z.input<typeof limitsSchema> {
  if (own === null) fail('not_found', { message: 'there is no such account' });
  const limits = effectiveLimits(own, usual);
  return {
    account_id: accountId,
    runs_per_minute: limits.runsPerMinute,
    execution_seconds_per_minute: limits.executionSecondsPerMinute,
    concurrent_runs: limits.concurrentRuns,
    queued_runs: limits.queuedRuns,
    payload_bytes: limits.payloadBytes ?? usual.payloadBytes,
    bounds: { ...usualBounds, ...bounds },
  };
}
