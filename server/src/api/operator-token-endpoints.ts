// Tokens that the operator makes for an account, /operator/accounts/{id}/tokens: the way in for a new customer. The account's own tokens
// make further ones (/api/v1/auths). A token is shown once, when it is made. Never makes a token with the permission `operator` count.

import { z } from 'zod';
import { MODES } from '../accounts/account.ts';
import { findOperatedAccount } from '../accounts/operated-account-store.ts';
import { findOwnerId } from '../accounts/user-store.ts';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { type IssuedToken, issueToken, type TokenRequest } from '../tokens/issue-token.ts';
import { permissionEntries } from '../tokens/permissions.ts';
import type { TokenDirectory } from '../tokens/token-directory.ts';
import {
  deleteAccountToken,
  findAccountToken,
  listAccountTokens,
  type StoredToken,
} from '../tokens/token-store.ts';
import { noSuchAccount } from './account-limit-fields.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { audit } from './operator-audit.ts';
import { pageOf, readPageQuery } from './page-query.ts';

export type OperatorTokenParts = {
  database: Database;
  tokens: Pick<TokenDirectory, 'forget'>;
  /** Its tokens are made by its own tokens alone: what only opens and closes accounts could else make itself one of every permission. */
  operatorAccountId: string;
  /** Unix time in ms. */
  clock(): number;
};

const newTokenFields = z.strictObject({
  name: storableText(200).nullable().optional(),
  permissions: permissionEntries,
  mode: z.enum(MODES, 'must be live or test').optional().describe('live where it is left out'),
  test_twin: z
    .boolean('must be true or false')
    .optional()
    .describe('with a live token: also one with the same permissions for test, which ends with it'),
  expires_at: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2027-11-17T08:00:00Z' })
    .nullable()
    .optional(),
});

const at = z.iso.datetime();
const tokenSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  name: z.string().nullable(),
  mode: z.enum(MODES),
  masked: z.string(),
  permissions: permissionEntries,
  expires_at: at.nullable(),
  twin_of: z.string().nullable().describe('the live token whose test twin it is'),
  created_at: at,
  last_used_at: at.nullable(),
});
const clear = { token: z.string().describe('shown this once') };
const madeSchema = tokenSchema.extend({
  ...clear,
  test_twin: tokenSchema.extend(clear).nullable(),
});

const PATH = '/operator/accounts/:id/tokens';

export function operatorTokenEndpoints(parts: OperatorTokenParts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: PATH,
      summary: 'Makes a token of an account',
      ...operating('create'),
      body: newTokenFields,
      status: 201,
      response: madeSchema,
      answer: (request) => make(parts, request),
    },
    {
      method: 'GET',
      path: PATH,
      summary: 'The tokens of an account, live and test',
      ...operating('read'),
      response: pageSchema(tokenSchema),
      isPaged: true,
      answer: (request) => list(parts, request),
    },
    {
      method: 'GET',
      path: `${PATH}/:token`,
      summary: 'A token of an account',
      ...operating('read'),
      response: tokenSchema,
      answer: (request) => show(parts, request),
    },
    {
      method: 'DELETE',
      path: `${PATH}/:token`,
      summary: 'Deletes a token of an account, and its test twin',
      ...operating('delete'),
      status: 204,
      response: z.undefined(),
      answer: (request) => remove(parts, request),
    },
  ];
}

async function make(parts: OperatorTokenParts, request: ApiRequest): Promise<unknown> {
  const { params, body } = request;
  const { database, clock } = parts;
  refuseOwn(parts, params.id);
  const asked = readInput(newTokenFields, body, 'the request body');
  const { name = null, permissions, mode = 'live', test_twin: wantsTwin = false } = asked;
  const expiresAt = expiryOf(asked.expires_at ?? null, clock());
  if (wantsTwin && mode === 'test') {
    fail('invalid_input', { message: 'test_twin: only a live token has a test twin', field: 'test_twin' });
  }
  return await database.transaction(async (sql) => {
    const accountId = await requireAccount(sql, params.id);
    const wanted: TokenRequest = {
      ...{ accountId, mode, kind: 'secret', userId: await findOwnerId(sql, accountId), permissions },
      ...{ comments: name, expiresAt, twinOf: null },
    };
    const issued = await issueToken(sql, wanted);
    const twinOf = issued.stored.id;
    const twin = wantsTwin ? await issueToken(sql, { ...wanted, mode: 'test', twinOf }) : null;
    const after = { ...auditedView(issued.stored), test_twin: twin?.stored.id ?? null };
    await audit(sql, { request, action: 'token.create', accountId }, { before: null, after });
    return { ...madeView(issued), test_twin: twin === null ? null : madeView(twin) };
  });
}

/** @throws Failure `invalid_input` */
function expiryOf(wanted: string | null, nowMs: number): Date | null {
  if (wanted === null) return null;
  const expiresAt = new Date(wanted);
  if (expiresAt.getTime() > nowMs) return expiresAt;
  return fail('invalid_input', { message: 'expires_at: must lie in the future', field: 'expires_at' });
}

async function list({ database }: OperatorTokenParts, { params, query }: ApiRequest): Promise<unknown> {
  const { limit, after } = readPageQuery(query, (text) => /^[0-9A-Za-z]{1,64}$/.test(text));
  const accountId = await requireAccount(database, params.id);
  const found = await listAccountTokens(database, accountId, { after, limit: limit + 1 });
  return pageOf(found, limit, ({ id }) => id, view);
}

async function show({ database }: OperatorTokenParts, { params }: ApiRequest): Promise<unknown> {
  const accountId = await requireAccount(database, params.id);
  return view((await findAccountToken(database, accountId, params.token ?? '')) ?? noSuchToken());
}

async function remove(parts: OperatorTokenParts, request: ApiRequest): Promise<undefined> {
  const { params } = request;
  const { database, tokens } = parts;
  refuseOwn(parts, params.id);
  const accountId = await requireAccount(database, params.id);
  await database.transaction(async (sql) => {
    const deleted = (await deleteAccountToken(sql, accountId, params.token ?? '')) ?? noSuchToken();
    const before = auditedView(deleted);
    await audit(sql, { request, action: 'token.delete', accountId }, { before, after: null });
  });
  tokens.forget(accountId);
}

/** @throws Failure `insufficient_permissions` */
function refuseOwn({ operatorAccountId }: OperatorTokenParts, accountId = ''): void {
  if (accountId !== operatorAccountId) return;
  fail('insufficient_permissions', {
    message: "tokens of the operator's own account are made and deleted by its tokens, at /api/v1/auths",
  });
}

function noSuchToken(): never {
  return fail('not_found', { message: 'the account has no such token' });
}

async function requireAccount(sql: Sql, id = ''): Promise<string> {
  return ((await findOperatedAccount(sql, id)) ?? noSuchAccount()).id;
}

/** Nothing by which the token could be found out. */
function auditedView(stored: StoredToken): Record<string, unknown> {
  const { id, name, mode, permissions, expires_at } = view(stored);
  return { id, name, mode, permissions, expires_at };
}

function madeView({ stored, clear: token }: IssuedToken): Record<string, unknown> {
  return { ...view(stored), token };
}

function view(stored: StoredToken): z.input<typeof tokenSchema> {
  return {
    id: stored.id,
    account_id: stored.accountId,
    name: stored.comments,
    mode: stored.mode,
    masked: stored.masked,
    permissions: stored.permissions,
    expires_at: stored.expiresAt?.toISOString() ?? null,
    twin_of: stored.twinOf,
    created_at: stored.createdAt.toISOString(),
    last_used_at: stored.lastUsedAt?.toISOString() ?? null,
  };
}
