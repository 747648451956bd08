// Whether an account is served, as the operator says: /operator/accounts/{id}/suspend and /resume. Nothing of a suspended account is
// lost: what was accepted waits until it is resumed. Never stops what is running.
import { z } from 'zod';
import { announceResumed, setAccountStatus } from '../accounts/account-status-store.ts';
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
  /** PostgreSQL channels of those who claim waiting work. */
  wakeChannels: readonly string[];
};

const suspendFields = z.strictObject({
  reason: storableText(500).nullable().optional().describe('shown to the callers of the account'),
});
const resumeFields = z.strictObject({});

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
      body: resumeFields,
      response: accountSchema,
      answer: (request) => resume(parts, request),
    },
  ];
}

async function suspend(parts: OperatorStatusParts, { params, body }: ApiRequest): Promise<unknown> {
  const { reason = null } = readInput(suspendFields, body ?? {}, 'the request body');
  const { id = '' } = params;
  await parts.database.transaction(async (sql) => {
    await lockStoppable(sql, parts, id);
    await setAccountStatus(sql, id, { status: 'suspended', reason });
  });
  return await showAccount(parts, id);
}

async function resume(parts: OperatorStatusParts, { params, body }: ApiRequest): Promise<unknown> {
  readInput(resumeFields, body ?? {}, 'the request body');
  const { id = '' } = params;
  await parts.database.transaction(async (sql) => {
    await lockStoppable(sql, parts, id);
    await setAccountStatus(sql, id, { status: 'active', reason: null });
    await announceResumed(sql, parts.wakeChannels);
  });
  return await showAccount(parts, id);
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
  return account;
}
