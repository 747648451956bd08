// What an account may use: GET /account/limits. The operator, whose account is the installation's first,
// changes that of any: PATCH /account/limits for their own, /accounts/{id}/limits for all.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { BOTH_WORLDS, type PublishAccountChange } from '../events/account-changes.ts';
import { readInput } from '../http/read-input.ts';
import type { Database } from '../postgres/database.ts';
import {
  boundFields,
  type LimitParts,
  limitFields,
  showLimits,
  shownBounds,
  shownLimits,
  writeLimits,
} from './account-limit-fields.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { changeAudited } from './operator-audit.ts';

type Parts = LimitParts & {
  database: Database;
  operatorAccountId: string;
  notifyChange: PublishAccountChange;
};

const changeSchema = limitFields.extend({ bounds: boundFields }).partial();

const limitsSchema = z.object({ account_id: z.string(), ...shownLimits, bounds: shownBounds });
z.globalRegistry.add(limitsSchema, { id: 'AccountLimits' });

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
      notesItself: true,
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
      notesItself: true,
      liveOnly: true,
      body: changeSchema,
      response: limitsSchema,
      answer: (request) => change(parts, request, request.params.id ?? ''),
    },
  ];
}

async function change(parts: Parts, request: ApiRequest, accountId: string): Promise<unknown> {
  const { world, body } = request;
  requireOperator(parts, world.accountId);
  const { bounds, ...limits } = readInput(changeSchema, body, 'the request body');
  await parts.database.transaction((sql) =>
    changeAudited(sql, parts, { request, action: 'account.change', accountId }, async () => {
      await writeLimits(sql, parts, accountId, { limits, bounds });
      await parts.notifyChange(sql, accountId, { settings: 'limits', modes: BOTH_WORLDS });
    }),
  );
  return await show(parts, accountId);
}

async function show(parts: Parts, accountId: string): Promise<z.input<typeof limitsSchema>> {
  const { limits, bounds } = await showLimits(parts.database, parts, accountId);
  return { account_id: accountId, ...limits, bounds };
}

/** @throws Failure `insufficient_permissions` */
function requireOperator({ operatorAccountId }: Parts, accountId: string): void {
  if (accountId === operatorAccountId) return;
  fail('insufficient_permissions', {
    message: "limits are changed by the operator, whose account is the installation's first",
  });
}
