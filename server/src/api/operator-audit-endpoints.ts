// The audit log: of the installation, /operator/audit, and of an account, /audit. A page of it, newest first,
// or all as lines of JSON. Read alone; entries are written by the changes themselves, or behind them
// (tokens/note-change.ts).
import { Readable } from 'node:stream';
import { z } from 'zod';
import { MODES } from '../accounts/account.ts';
import {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEntry,
  type AuditFilter,
  listAuditEntries,
  OWN_ACTIONS,
} from '../accounts/operator-audit-store.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { pageSchema } from './api-schemas.ts';
import { type ApiEndpoint, ApiReply, type ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { readChoice, readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import { timeOf } from './run-query.ts';

/** Entries of one piece of an export. */
const PORTION = 100;

const entrySchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  action: z.enum(AUDIT_ACTIONS),
  route: z.string().nullable().describe('of `resource.*`: what was asked for'),
  resource: z.string().nullable().describe('of `resource.*`: what kind of thing it is'),
  target: z.string().nullable().describe('of `resource.*`: which one'),
  mode: z.enum(MODES).nullable(),
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

/** What both logs read of the query. */
const PARAMETERS = {
  resource: textParameter('changes of this kind of thing, such as `triggers`'),
  target: textParameter('changes of the one with this id'),
  token_id: textParameter('by this token'),
  user_id: textParameter('by this user'),
  since: z.iso
    .datetime({ offset: true })
    .describe('from this time on: a day, or a time such as 2026-11-17T08:00:00Z'),
  until: z.iso.datetime({ offset: true }).describe('before this time'),
};
const OF_ALL = {
  ...PARAMETERS,
  account_id: textParameter('of this account'),
  action: z.enum(AUDIT_ACTIONS).describe('of this kind'),
  of: z.enum(['installation']).describe('`installation`: what is for no account'),
};
const OF_ONE = { ...PARAMETERS, action: z.enum(OWN_ACTIONS).describe('of this kind') };

export function operatorAuditEndpoints({ database }: { database: Sql }): ApiEndpoint[] {
  const own = { permit: { resource: 'auths', method: 'read' }, liveOnly: true } as const;
  const ofAll = ({ query }: ApiRequest): AuditFilter => ({
    ...filterOf(query),
    accountId: accountOf(query.account_id),
    actions: actionsOf(query.action),
    isOfInstallation: readChoice(query, 'of', ['installation']) !== null,
  });
  const ofOne = ({ query, world: { accountId } }: ApiRequest): AuditFilter => ({
    ...filterOf(query),
    ...{ accountId, actions: actionsOf(query.action, OWN_ACTIONS) ?? OWN_ACTIONS, isOfInstallation: false },
  });
  return [
    {
      method: 'GET',
      path: '/operator/audit',
      summary: 'What was changed, of all accounts: who, from where, before and after',
      ...operating('read'),
      query: OF_ALL,
      response: pageSchema(entrySchema),
      isPaged: true,
      answer: (request) => page(database, ofAll(request), request),
    },
    {
      method: 'GET',
      path: '/operator/audit/export',
      summary: 'The same as lines of JSON, oldest first',
      ...operating('read'),
      query: OF_ALL,
      response: entrySchema,
      asLines: true,
      answer: async (request) => exported(database, ofAll(request), request),
    },
    {
      method: 'GET',
      path: '/audit',
      summary: 'What was changed in the account, sign-ins and refused tries',
      ...own,
      query: OF_ONE,
      response: pageSchema(entrySchema),
      isPaged: true,
      answer: (request) => page(database, ofOne(request), request),
    },
    {
      method: 'GET',
      path: '/audit/export',
      summary: 'The same as lines of JSON, oldest first',
      ...own,
      query: OF_ONE,
      response: entrySchema,
      asLines: true,
      answer: async (request) => exported(database, ofOne(request), request),
    },
  ];
}

async function page(sql: Sql, filter: AuditFilter, { query }: ApiRequest): Promise<unknown> {
  const { limit, after } = readPageQuery(query, (text) => /^[0-9]{1,18}$/.test(text));
  const entries = await listAuditEntries(sql, filter, { after, limit: limit + 1, order: 'newest' });
  return pageOf(entries, limit, ({ id }) => String(id), view);
}

/** As fast as the caller reads. */
function exported(sql: Sql, filter: AuditFilter, { mayGoOn }: ApiRequest): ApiReply {
  const headers = { 'content-type': 'application/x-ndjson; charset=utf-8' };
  return new ApiReply(200, headers, Readable.from(linesOf(sql, filter, mayGoOn), { highWaterMark: 1 }));
}

/** A portion is one piece of text. Breaks off where the caller may no longer read. */
async function* linesOf(
  sql: Sql,
  filter: AuditFilter,
  mayGoOn: ApiRequest['mayGoOn'],
): AsyncGenerator<string> {
  for (let after: string | null = null; ; ) {
    const entries = await listAuditEntries(sql, filter, { after, limit: PORTION, order: 'oldest' });
    if (entries.length > 0) yield entries.map((entry) => `${JSON.stringify(view(entry))}\n`).join('');
    if (entries.length < PORTION) return;
    after = String(entries.at(-1)?.id);
    if (!(await mayGoOn())) throw new Error('the export is for a caller who may no longer read it');
  }
}

type CommonFilter = Omit<AuditFilter, 'accountId' | 'actions' | 'isOfInstallation'>;

function filterOf(query: ApiRequest['query']): CommonFilter {
  return {
    resource: readFilter(query, 'resource'),
    target: readFilter(query, 'target'),
    tokenId: readFilter(query, 'token_id'),
    userId: readFilter(query, 'user_id'),
    since: timeOf(query, 'since'),
    until: timeOf(query, 'until'),
  };
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
    route: entry.route,
    resource: entry.resource,
    target: entry.target,
    mode: entry.mode,
    account_id: entry.accountId,
    token_id: entry.tokenId,
    user_id: entry.userId,
    session_id: entry.sessionId,
    address: entry.address,
    before: entry.before,
    after: entry.after,
  };
}
