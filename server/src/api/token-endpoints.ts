// An account's own tokens, /tokens: list, read, make, change, delete. A token is seen in its own mode only,
// is shown once, and never gives what its maker doesn't hold. The operator makes an account's first
// (operator-token-endpoints.ts); people by being signed in.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { delegatedExpiry, heldEntries, requireWithin } from '../tokens/delegation.ts';
import { issueToken, type TokenRequest } from '../tokens/issue-token.ts';
import type { TokenDirectory } from '../tokens/token-directory.ts';
import {
  deleteToken,
  findToken,
  listAccountTokens,
  type StoredToken,
  updateToken,
} from '../tokens/token-store.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { audit } from './operator-audit.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import {
  auditedToken,
  changedTokenFields,
  expiryOf,
  madeTokenSchema,
  madeTokenView,
  newTokenFields,
  requireLiveForTwin,
  tokenSchema,
  tokenView,
} from './token-fields.ts';

export type TokenParts = {
  database: Database;
  tokens: Pick<TokenDirectory, 'forget'>;
  /** Unix time in ms. */
  clock(): number;
};

const PATH = '/tokens';
const permit = (method: 'read' | 'create' | 'update' | 'delete') => ({ resource: 'auths', method }) as const;

export function tokenEndpoints(parts: TokenParts): ApiEndpoint[] {
  return [
    {
      ...{ method: 'GET', path: PATH, permit: permit('read'), isPaged: true },
      summary: 'Tokens of your account and mode, newest first',
      response: pageSchema(tokenSchema),
      answer: (request) => list(parts, request),
    },
    {
      ...{ method: 'POST', path: PATH, permit: permit('create'), notesItself: true, status: 201 },
      summary: 'Makes a token, of no more permissions than yours',
      body: newTokenFields,
      response: madeTokenSchema,
      answer: (request) => make(parts, request),
    },
    {
      ...{ method: 'GET', path: `${PATH}/:id`, permit: permit('read') },
      summary: 'A token, without its secret part',
      response: tokenSchema,
      answer: async (request) => tokenView(await one(parts.database, request)),
    },
    {
      ...{ method: 'PATCH', path: `${PATH}/:id`, permit: permit('update'), notesItself: true },
      summary: 'Changes name, permissions or expiry of a token',
      body: changedTokenFields,
      response: tokenSchema,
      answer: (request) => change(parts, request),
    },
    {
      ...{ method: 'DELETE', path: `${PATH}/:id`, permit: permit('delete'), notesItself: true, status: 204 },
      summary: 'Deletes a token, and its test twin: neither is taken any more',
      response: z.undefined(),
      answer: (request) => remove(parts, request),
    },
  ];
}

async function list({ database }: TokenParts, { world, query }: ApiRequest): Promise<unknown> {
  const { limit, after } = readPageQuery(query, (text) => /^[0-9A-Za-z]{1,64}$/.test(text));
  const found = await listAccountTokens(database, world, { after, limit: limit + 1 });
  return pageOf(found, limit, ({ id }) => id, tokenView);
}

async function make(parts: TokenParts, request: ApiRequest): Promise<unknown> {
  const { world, caller, body } = request;
  const asked = readInput(newTokenFields, body, 'the request body');
  const { name = null, permissions, mode = world.mode, test_twin: wantsTwin = false } = asked;
  requireLiveForTwin(wantsTwin, mode);
  if (world.mode === 'test' && mode === 'live') {
    fail('insufficient_permissions', { message: "mode: a test token can't make live tokens", field: 'mode' });
  }
  const maker = await makerOf(parts.database, request);
  requireWithin(maker, permissions);
  const wanted: TokenRequest = {
    ...{ accountId: world.accountId, mode, kind: 'secret', userId: caller.userId, permissions },
    ...{ comments: name, expiresAt: expiryFor(parts, maker, asked.expires_at), twinOf: null },
  };
  return await parts.database.transaction(async (sql) => {
    const issued = await issueToken(sql, wanted);
    const twinOf = issued.stored.id;
    const twin = wantsTwin ? await issueToken(sql, { ...wanted, mode: 'test', twinOf }) : null;
    const after = { ...auditedToken(issued.stored), test_twin: twin?.stored.id ?? null };
    await audit(sql, about(request, 'token.create'), { before: null, after });
    return madeTokenView(issued, twin);
  });
}

async function change(parts: TokenParts, request: ApiRequest): Promise<unknown> {
  const { world, params } = request;
  const asked = readInput(changedTokenFields, request.body, 'the request body');
  const maker = await makerOf(parts.database, request);
  const changed = await parts.database.transaction(async (sql) => {
    const stored = await one(sql, request);
    if (stored.kind !== 'secret') {
      fail('invalid_state', { message: `a ${stored.kind} token can't be changed, only deleted` });
    }
    requireWithin(maker, stored.permissions);
    requireWithin(maker, asked.permissions ?? []);
    const { name = stored.comments, permissions = stored.permissions } = asked;
    const expiresAt =
      asked.expires_at === undefined ? stored.expiresAt : expiryFor(parts, maker, asked.expires_at);
    const written = await updateToken(sql, world, params.id ?? '', {
      ...{ permissions, expiresAt, comments: name },
    });
    const now = written ?? noSuchToken();
    await audit(sql, about(request, 'token.change'), {
      before: auditedToken(stored),
      after: auditedToken(now),
    });
    return now;
  });
  parts.tokens.forget(world.accountId);
  return tokenView(changed);
}

async function remove(parts: TokenParts, request: ApiRequest): Promise<undefined> {
  const { world } = request;
  await parts.database.transaction(async (sql) => {
    const stored = await one(sql, request);
    await deleteToken(sql, world, stored.id);
    await audit(sql, about(request, 'token.delete'), { before: auditedToken(stored), after: null });
  });
  parts.tokens.forget(world.accountId);
}

type Maker = Parameters<typeof delegatedExpiry>[0];

/** What the caller may hand on. */
async function makerOf(sql: Sql, { world, caller }: ApiRequest): Promise<Maker> {
  if (caller.kind === 'session') {
    return { permissions: heldEntries(caller.permissions), expiresAt: null };
  }
  return (await findToken(sql, world, caller.tokenId)) ?? noSuchToken();
}

/** Left out: as long as the maker's own. */
function expiryFor({ clock }: TokenParts, maker: Maker, wanted: string | null | undefined): Date | null {
  const nowMs = clock();
  const expiresAt = wanted === undefined ? undefined : expiryOf(wanted, nowMs);
  return delegatedExpiry(maker, expiresAt, new Date(nowMs), 'expires_at');
}

function about(request: ApiRequest, action: 'token.create' | 'token.change' | 'token.delete') {
  return { request, action, accountId: request.world.accountId };
}

/** Limited tokens are of an account's visitors, and come in thousands. @throws Failure `not_found` */
async function one(sql: Sql, { world, params }: ApiRequest): Promise<StoredToken> {
  const found = await findToken(sql, world, params.id ?? '');
  return found === null || found.kind === 'limited' ? noSuchToken() : found;
}

function noSuchToken(): never {
  return fail('not_found', { message: 'there is no such token in this account and mode' });
}
