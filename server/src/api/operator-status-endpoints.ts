// Whether an account is served, as the operator says: /operator/accounts/{id}/suspend and /resume, /close and /restore. Nothing of a stopped
// account is lost: what was accepted waits until it is served again. Never stops what is running, and deletes nothing itself.
import { z } from 'zod';
import { hasBegun } from '../accounts/account-deletion-store.ts';
import {
  announceResumed,
  closeAccount,
  restoreAccount,
  setAccountStatus,
} from '../accounts/account-status-store.ts';
import { lockOperatedAccount, type OperatedAccount } from '../accounts/operated-account-store.ts';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { type LimitParts, noSuchAccount } from './account-limit-fields.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { operating, showAccount } from './operator-account-endpoints.ts';
import { accountSchema } from './operator-account-fields.ts';

export type OperatorStatusParts = LimitParts & {
  database: Database;
  operatorAccountId: string;
  /** From closing to deleting, where nothing is said. */
  graceDays: number;
  /** PostgreSQL channels of those who claim waiting work. */
  wakeChannels: readonly string[];
};

const suspendFields = z.strictObject({
  reason: storableText(500).nullable().optional().describe('shown to the callers of the account'),
});
const noFields = z.strictObject({});
const MOST_GRACE_DAYS = 365;
const graceRule = `must be a whole number from 0 to ${MOST_GRACE_DAYS}`;
const closeFields = z.strictObject({
  reason: storableText(500).nullable().optional(),
  grace_days: z
    .int(graceRule)
    .min(0, graceRule)
    .max(MOST_GRACE_DAYS, graceRule)
    .optional()
    .describe(
      'until everything of it is deleted; 0: at once. MILLRACE_ACCOUNT_GRACE_DAYS where it is left out',
    ),
});

const PATH = '/operator/accounts/:id';

export function operatorStatusEndpoints(parts: OperatorStatusParts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: `${PATH}/suspend`,
      summary: 'Serves an account nothing until it is resumed; what it has waiting waits',
      ...operating('update'),
      body: suspendFields,
      response: accountSchema,
      answer: (request) => suspend(parts, request),
    },
    {
      method: 'POST',
      path: `${PATH}/resume`,
      summary: 'Serves a suspended account again',
      ...operating('update'),
      body: noFields,
      response: accountSchema,
      answer: (request) => resume(parts, request),
    },
    {
      method: 'POST',
      path: `${PATH}/close`,
      summary: 'Closes an account: it is served nothing, and deleted when its time of grace is over',
      ...operating('delete'),
      body: closeFields,
      response: accountSchema,
      answer: ({ params, body }) => close(parts, params.id ?? '', body ?? {}),
    },
    {
      method: 'DELETE',
      path: PATH,
      summary: 'The same as closing it, with the default time of grace',
      ...operating('delete'),
      response: accountSchema,
      answer: ({ params }) => close(parts, params.id ?? '', {}),
    },
    {
      method: 'POST',
      path: `${PATH}/restore`,
      summary: 'Takes back that an account was closed, as long as its deletion has not begun',
      ...operating('delete'),
      body: noFields,
      response: accountSchema,
      answer: (request) => restore(parts, request),
    },
  ];
}

async function suspend(parts: OperatorStatusParts, { params, body }: ApiRequest): Promise<unknown> {
  const { reason = null } = readInput(suspendFields, body ?? {}, 'the request body');
  const { id = '' } = params;
  await parts.database.transaction(async (sql) => {
    requireOpen(await lockStoppable(sql, parts, id));
    await setAccountStatus(sql, id, { status: 'suspended', reason });
  });
  return await showAccount(parts, id);
}

async function resume(parts: OperatorStatusParts, { params, body }: ApiRequest): Promise<unknown> {
  readInput(noFields, body ?? {}, 'the request body');
  const { id = '' } = params;
  await parts.database.transaction(async (sql) => {
    requireOpen(await lockStoppable(sql, parts, id));
    await setAccountStatus(sql, id, { status: 'active', reason: null });
    await announceResumed(sql, parts.wakeChannels);
  });
  return await showAccount(parts, id);
}

async function close(parts: OperatorStatusParts, id: string, body: unknown): Promise<unknown> {
  const asked = readInput(closeFields, body, 'the request body');
  const { reason = null, grace_days: graceDays = parts.graceDays } = asked;
  await parts.database.transaction(async (sql) => {
    await lockStoppable(sql, parts, id);
    await closeAccount(sql, id, { graceDays, reason });
  });
  return await showAccount(parts, id);
}

async function restore(parts: OperatorStatusParts, { params, body }: ApiRequest): Promise<unknown> {
  readInput(noFields, body ?? {}, 'the request body');
  const { id = '' } = params;
  await parts.database.transaction(async (sql) => {
    const { status } = await lockStoppable(sql, parts, id);
    if (status !== 'closed') fail('invalid_state', { message: `the account is not closed, but ${status}` });
    await restoreAccount(sql, id);
    await announceResumed(sql, parts.wakeChannels);
  });
  return await showAccount(parts, id);
}

function requireOpen({ status, deleteAt }: OperatedAccount): void {
  if (status !== 'closed') return;
  fail('invalid_state', {
    message: `the account is closed: restore it before ${deleteAt?.toISOString()}, when it is deleted`,
  });
}

/** @throws Failure `not_found`, `invalid_state` */
async function lockStoppable(
  sql: Sql,
  { operatorAccountId }: Pick<OperatorStatusParts, 'operatorAccountId'>,
  id: string,
): Promise<OperatedAccount> {
  const account = (await lockOperatedAccount(sql, id)) ?? noSuchAccount();
  if (id === operatorAccountId) {
    fail('invalid_state', { message: "the operator's own account is always served" });
  }
  if (await hasBegun(sql, id)) {
    fail('invalid_state', { message: 'the account is being deleted: nothing brings it back' });
  }
  return account;
}
