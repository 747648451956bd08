// Whether an account is served, as the operator says: /operator/accounts/{id}/suspend and /resume, /close and
// /restore. Nothing of a stopped account is lost: what was accepted waits until it is served again. Never
// stops what is running, and deletes nothing itself.
import { z } from 'zod';
import { hasBegun } from '../accounts/account-deletion-store.ts';
import {
  announceResumed,
  closeAccount,
  restoreAccount,
  setAccountStatus,
} from '../accounts/account-status-store.ts';
import { lockOperatedAccount, type OperatedAccount } from '../accounts/operated-account-store.ts';
import type { AuditAction } from '../accounts/operator-audit-store.ts';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { type LimitParts, noSuchAccount } from './account-limit-fields.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { accountSchema } from './operator-account-fields.ts';
import { changeAudited } from './operator-audit.ts';
import { showAccount } from './show-account.ts';

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
      answer: (request) => close(parts, request),
    },
    {
      method: 'DELETE',
      path: PATH,
      summary: 'The same as closing it, with the default time of grace',
      ...operating('delete'),
      response: accountSchema,
      answer: (request) => close(parts, { ...request, body: {} }),
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

function suspend(parts: OperatorStatusParts, request: ApiRequest): Promise<unknown> {
  const { reason = null } = readInput(suspendFields, request.body ?? {}, 'the request body');
  return change(parts, request, 'account.suspend', async (sql, account) => {
    requireOpen(account);
    await setAccountStatus(sql, account.id, { status: 'suspended', reason });
  });
}

function resume(parts: OperatorStatusParts, request: ApiRequest): Promise<unknown> {
  readInput(noFields, request.body ?? {}, 'the request body');
  return change(parts, request, 'account.resume', async (sql, account) => {
    requireOpen(account);
    await setAccountStatus(sql, account.id, { status: 'active', reason: null });
    await announceResumed(sql, parts.wakeChannels);
  });
}

function close(parts: OperatorStatusParts, request: ApiRequest): Promise<unknown> {
  const asked = readInput(closeFields, request.body ?? {}, 'the request body');
  const { reason = null, grace_days: graceDays = parts.graceDays } = asked;
  return change(parts, request, 'account.close', (sql, account) =>
    closeAccount(sql, account.id, { graceDays, reason }),
  );
}

function restore(parts: OperatorStatusParts, request: ApiRequest): Promise<unknown> {
  readInput(noFields, request.body ?? {}, 'the request body');
  return change(parts, request, 'account.restore', async (sql, { id, status }) => {
    if (status !== 'closed') fail('invalid_state', { message: `the account is not closed, but ${status}` });
    await restoreAccount(sql, id);
    await announceResumed(sql, parts.wakeChannels);
  });
}

/** @throws Failure `not_found`, `invalid_state` */
async function change(
  parts: OperatorStatusParts,
  request: ApiRequest,
  action: AuditAction,
  write: (sql: Sql, account: OperatedAccount) => Promise<void>,
): Promise<unknown> {
  const { id: accountId = '' } = request.params;
  await parts.database.transaction((sql) =>
    changeAudited(sql, parts, { request, action, accountId }, async () =>
      write(sql, await lockStoppable(sql, parts, accountId)),
    ),
  );
  return await showAccount(parts.database, parts, accountId);
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
