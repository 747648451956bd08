// Tokens that the operator makes for an account, /operator/accounts/{id}/tokens: the way in for a new
// customer. The account's own tokens make further ones (/tokens). A token is shown once, when it is made.
// Never makes a token with the permission `operator` count.

import { z } from 'zod';
import { findOperatedAccount } from '../accounts/operated-account-store.ts';
import { findOwnerId } from '../accounts/user-store.ts';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { issueToken, type TokenRequest } from '../tokens/issue-token.ts';
import type { TokenDirectory } from '../tokens/token-directory.ts';
import { deleteAccountToken, findAccountToken, listAccountTokens } from '../tokens/token-store.ts';
import { noSuchAccount } from './account-limit-fields.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { audit } from './operator-audit.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import {
  auditedToken,
  expiryOf,
  madeTokenSchema,
  madeTokenView,
  newTokenFields,
  requireLiveForTwin,
  tokenSchema,
  tokenView,
} from './token-fields.ts';

export type OperatorTokenParts = {
  database: Database;
  tokens: Pick<TokenDirectory, 'forget'>;
  /**
   * Its tokens are made by its own tokens alone: what only opens and closes accounts could else make itself
   * one of every permission.
   */
  operatorAccountId: string;
  /** Unix time in ms. */
  clock(): number;
};

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
      response: madeTokenSchema,
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
  requireLiveForTwin(wantsTwin, mode);
  return await database.transaction(async (sql) => {
    const accountId = await requireAccount(sql, params.id);
    const wanted: TokenRequest = {
      ...{ accountId, mode, kind: 'secret', userId: await findOwnerId(sql, accountId), permissions },
      ...{ comments: name, expiresAt, twinOf: null },
    };
    const issued = await issueToken(sql, wanted);
    const twinOf = issued.stored.id;
    const twin = wantsTwin ? await issueToken(sql, { ...wanted, mode: 'test', twinOf }) : null;
    const after = { ...auditedToken(issued.stored), test_twin: twin?.stored.id ?? null };
    await audit(sql, { request, action: 'token.create', accountId }, { before: null, after });
    return madeTokenView(issued, twin);
  });
}

async function list({ database }: OperatorTokenParts, { params, query }: ApiRequest): Promise<unknown> {
  const { limit, after } = readPageQuery(query, (text) => /^[0-9A-Za-z]{1,64}$/.test(text));
  const accountId = await requireAccount(database, params.id);
  const found = await listAccountTokens(database, { accountId, mode: null }, { after, limit: limit + 1 });
  return pageOf(found, limit, ({ id }) => id, tokenView);
}

async function show({ database }: OperatorTokenParts, { params }: ApiRequest): Promise<unknown> {
  const accountId = await requireAccount(database, params.id);
  return tokenView((await findAccountToken(database, accountId, params.token ?? '')) ?? noSuchToken());
}

async function remove(parts: OperatorTokenParts, request: ApiRequest): Promise<undefined> {
  const { params } = request;
  const { database, tokens } = parts;
  refuseOwn(parts, params.id);
  const accountId = await requireAccount(database, params.id);
  await database.transaction(async (sql) => {
    const deleted = (await deleteAccountToken(sql, accountId, params.token ?? '')) ?? noSuchToken();
    const before = auditedToken(deleted);
    await audit(sql, { request, action: 'token.delete', accountId }, { before, after: null });
  });
  tokens.forget(accountId);
}

/** @throws Failure `insufficient_permissions` */
function refuseOwn({ operatorAccountId }: OperatorTokenParts, accountId = ''): void {
  if (accountId !== operatorAccountId) return;
  fail('insufficient_permissions', {
    message: "tokens of the operator's own account are made and deleted by its tokens, at /tokens",
  });
}

function noSuchToken(): never {
  return fail('not_found', { message: 'the account has no such token' });
}

async function requireAccount(sql: Sql, id = ''): Promise<string> {
  return ((await findOperatedAccount(sql, id)) ?? noSuchAccount()).id;
}
