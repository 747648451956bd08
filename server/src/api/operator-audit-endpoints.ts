// What the operator has changed of accounts, /operator/audit: newest first. Read alone; entries are written
// by the changes themselves.
import { z } from 'zod';
import {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEntry,
  listAuditEntries,
  PEOPLE_ACTIONS,
} from '../accounts/operator-audit-store.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { textParameter } from './query-parameters.ts';

const entrySchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  action: z.enum(AUDIT_ACTIONS),
  account_id: z
    .string()
    .nullable()
    .describe('null: the installation itself, or a refused try to sign in that is for no account'),
  token_id: z.string().nullable().describe('the token that asked for it; null: no token did'),
  user_id: z.string().nullable().describe('who was signed in'),
  session_id: z.string().nullable().describe('by which session'),
  address: z.string().nullable().describe('from which it was asked for'),
  before: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('what differs; null once the account is deleted'),
  after: z.record(z.string(), z.unknown()).nullable(),
});
z.globalRegistry.add(entrySchema, { id: 'AuditEntry' });

export function operatorAuditEndpoints({ database }: { database: Sql }): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/operator/audit',
      summary: 'What was changed of accounts: who, from where, before and after',
      ...operating('read'),
      query: {
        account_id: textParameter('of this account'),
        action: z.enum(AUDIT_ACTIONS).describe('of this kind'),
      },
      response: pageSchema(entrySchema),
      isPaged: true,
      answer: async ({ query }) => {
        const { limit, after } = readPageQuery(query, (text) => /^[0-9]{1,18}$/.test(text));
        const filter = { accountId: accountOf(query.account_id), actions: actionsOf(query.action) };
        const entries = await listAuditEntries(database, filter, { after, limit: limit + 1 });
        return pageOf(entries, limit, ({ id }) => String(id), view);
      },
    },
    {
      method: 'GET',
      path: '/audit',
      summary: 'Sign-ins, refused tries and changes of the people of the account',
      permit: { resource: 'auths', method: 'read' },
      liveOnly: true,
      query: { action: z.enum(PEOPLE_ACTIONS).describe('of this kind') },
      response: pageSchema(entrySchema),
      isPaged: true,
      answer: async ({ query, world: { accountId } }) => {
        const { limit, after } = readPageQuery(query, (text) => /^[0-9]{1,18}$/.test(text));
        const actions = actionsOf(query.action, PEOPLE_ACTIONS) ?? PEOPLE_ACTIONS;
        const entries = await listAuditEntries(database, { accountId, actions }, { after, limit: limit + 1 });
        return pageOf(entries, limit, ({ id }) => String(id), view);
      },
    },
  ];
}

function accountOf(value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^[0-9A-Za-z]{1,64}$/.test(value)) return value;
  return fail('invalid_input', { message: 'account_id must be the id of an account', field: 'account_id' });
}

function actionsOf(
  value: unknown,
  of: readonly AuditAction[] = AUDIT_ACTIONS,
): readonly AuditAction[] | null {
  if (value === undefined) return null;
  const action = of.find((name) => name === value);
  if (action !== undefined) return [action];
  return fail('invalid_input', {
    message: `action must be one of ${of.join(', ')}`,
    field: 'action',
  });
}

function view(entry: AuditEntry): z.input<typeof entrySchema> {
  return {
    id: String(entry.id),
    at: entry.at.toISOString(),
    action: entry.action,
    account_id: entry.accountId,
    token_id: entry.tokenId,
    user_id: entry.userId,
    session_id: entry.sessionId,
    address: entry.address,
    before: entry.before,
    after: entry.after,
  };
}
