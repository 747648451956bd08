// The endpoints that make tokens: secret ones with chosen permissions, limited ones for shoppers, and the
// test twin of a trusted one (docs/specs/comecero.md section 5). The clear token is answered here and nowhere
// else.
import { z } from 'zod';
import type { Mode } from '../../accounts/account.ts';
import { findAccountSettings } from '../../accounts/account-settings-store.ts';
import { findAccount } from '../../accounts/account-store.ts';
import { fail } from '../../errors/failure.ts';
import { objectRule } from '../../http/input-rule.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import { requireHostFor } from '../../http/request-host.ts';
import { requireServed } from '../../http/served-accounts.ts';
import type { Sql } from '../../postgres/database.ts';
import type { AddressPace } from '../../tokens/address-pace.ts';
import type { Caller } from '../../tokens/caller.ts';
import { delegatedExpiry, requireWithin } from '../../tokens/delegation.ts';
import { type IssuedToken, issueToken } from '../../tokens/issue-token.ts';
import { EVERYTHING, permissionBeyond } from '../../tokens/permissions.ts';
import { LIMITED_LIFE_MS } from '../../tokens/token-format.ts';
import { sweepLimitedTokens } from '../../tokens/token-store.ts';
import { authBody, authView, readAuthInput } from './auth-resource.ts';
import { type AuthsParts, findOrFail } from './auths.ts';
import {
  type Answer,
  type ApiRequest,
  created,
  type Endpoint,
  isTest,
  LIMITED_LIFE_HEADERS,
  type OpenRequest,
} from './endpoint.ts';
import { readBoolean } from './list-query.ts';

export type AuthsIssueParts = AuthsParts & { pace: AddressPace };

const NOT_AN_OBJECT = objectRule('must be a JSON object');
/** Read and checked below: here other members are refused. */
const limitedBody = z.strictObject(
  { account_id: z.unknown().optional(), test: z.unknown().optional() },
  NOT_AN_OBJECT,
);
const twinBody = z.strictObject({ test: z.unknown().optional() }, NOT_AN_OBJECT);

export function authsIssueEndpoints(parts: AuthsIssueParts): Endpoint[] {
  const answerWith = (issued: IssuedToken): Answer => {
    const headers = issued.stored.kind === 'limited' ? LIMITED_LIFE_HEADERS : {};
    return created(authView(issued.stored, issued.clear, parts.publicUrl), headers);
  };
  return [
    {
      method: 'POST',
      path: '/auths/secret',
      takes: authBody,
      permit: { resource: 'auths', method: 'create' },
      answer: async (request) => answerWith(await makeSecret(parts, request)),
    },
    {
      method: 'POST',
      path: '/auths/limited',
      takes: limitedBody,
      permit: 'anyone',
      answerAnyone: async (request) => answerWith(await makeLimited(parts, request)),
    },
    {
      method: 'POST',
      path: '/auths/trusted',
      takes: twinBody,
      permit: 'any_token',
      answer: async (request) => answerWith(await makeTestTwin(parts, request)),
    },
  ];
}

async function makeSecret(parts: AuthsIssueParts, request: ApiRequest): Promise<IssuedToken> {
  const { caller, world } = request;
  const input = readAuthInput(request.body ?? {});
  const mode = readMode(request, isTest(caller.mode));
  if (isTest(caller.mode) && mode === 'live') {
    fail('insufficient_permissions', { message: "test: a test token can't make live tokens", field: 'test' });
  }
  const permissions =
    input.permissions ??
    fail('invalid_input', {
      message: 'permissions must be a list of {resource, methods, allow}',
      field: 'permissions',
    });
  const maker = await findOrFail(parts.sql, world, caller.tokenId);
  requireWithin(maker, permissions);
  return await issueToken(parts.sql, {
    accountId: world.accountId,
    mode,
    kind: 'secret',
    userId: caller.userId,
    permissions,
    comments: input.comments ?? null,
    expiresAt: delegatedExpiry(maker, input.expiresAt, new Date(parts.clock())),
    twinOf: null,
  });
}

/** It permits nothing by itself: anyone who knows an account's id can have one. */
async function makeLimited(parts: AuthsIssueParts, request: OpenRequest): Promise<IssuedToken> {
  readInput(limitedBody, request.body ?? {}, 'the request body');
  const mode = readMode(request, false);
  const accountId = readAccountId(request);
  requireHostFor(request.http, accountId);
  requireServed(request.http, accountId);
  if (mode === 'test' && !(await allowsPublicTestTokens(parts.sql, accountId))) {
    requireTokenOf(request.caller, accountId);
  }
  if (!parts.pace.take(request.http.ip)) {
    fail('too_many_requests', {
      message: 'too many tokens were asked for from this address: try again later',
    });
  }
  if ((await findAccount(parts.sql, accountId)) === null) {
    fail('invalid_input', { message: 'account_id must be the id of an account', field: 'account_id' });
  }
  const now = parts.clock();
  await sweepLimitedTokens(parts.sql, accountId, new Date(now));
  return await issueToken(parts.sql, {
    accountId,
    mode,
    kind: 'limited',
    userId: null,
    permissions: [],
    comments: null,
    expiresAt: new Date(now + LIMITED_LIFE_MS),
    twinOf: null,
  });
}

function readAccountId(request: OpenRequest): string {
  const { account_id: inBody } = (request.body ?? {}) as { account_id?: unknown };
  return readInput(storableText(64), request.query.account_id ?? inBody, 'account_id');
}

async function allowsPublicTestTokens(sql: Sql, accountId: string): Promise<boolean> {
  return (await findAccountSettings(sql, { accountId, mode: 'test' })).allowPublicTestTokens;
}

/** A live limited token is no proof: anyone can have it. */
function requireTokenOf(caller: Caller | null, accountId: string): void {
  if (caller === null) fail('unauthorized', { message: 'a test token is only made for who has a token' });
  if (caller.accountId !== accountId || caller.kind === 'limited') {
    fail('insufficient_permissions', {
      message: 'a limited test token is only made for who holds a secret or trusted token of the account',
    });
  }
}

/** The same powers in the test world, for as long as the live token lives. */
async function makeTestTwin(parts: AuthsIssueParts, request: ApiRequest): Promise<IssuedToken> {
  const { caller, world } = request;
  readInput(twinBody, request.body ?? {}, 'the request body');
  if (readMode(request, false) !== 'test') {
    fail('invalid_input', { message: 'test must be true: only a test twin is made here', field: 'test' });
  }
  const maker = await findOrFail(parts.sql, world, caller.tokenId);
  const mayHaveOne =
    caller.kind === 'trusted' ||
    (caller.kind === 'secret' && permissionBeyond(maker.permissions, EVERYTHING) === null);
  if (isTest(caller.mode) || !mayHaveOne) {
    fail('insufficient_permissions', {
      message: 'only a live trusted token, or a live secret one with every permission, has a test twin',
    });
  }
  return await issueToken(parts.sql, {
    accountId: world.accountId,
    mode: 'test',
    kind: 'trusted',
    userId: caller.userId,
    permissions: maker.permissions,
    comments: null,
    expiresAt: maker.expiresAt,
    twinOf: maker.id,
  });
}

/** What the address of a token that is made may say: its mode, its account, and how the answer looks. */
const QUERY_NAMES = ['test', 'account_id', 'show', 'hide', 'timezone', 'formatted'];

function readMode(request: OpenRequest, otherwise: boolean): Mode {
  // A misspelt `test` would make a live token.
  const unknown = Object.keys(request.query).find((name) => !QUERY_NAMES.includes(name));
  if (unknown !== undefined) {
    const message = `${JSON.stringify(unknown.slice(0, 50))} in the query is not known here; known are ${QUERY_NAMES.join(', ')}`;
    fail('invalid_input', { message, field: unknown.slice(0, 50) });
  }
  const wantsTest = readBoolean(request.query, 'test') ?? otherwise;
  const { test: said } = (request.body ?? {}) as { test?: unknown };
  // A token of the other mode than its maker meant would be a live one with every permission.
  if (typeof said === 'boolean' && said !== wantsTest) {
    fail('invalid_input', {
      message: `test: the mode of a token is said in the address: ?test=${said}`,
      field: 'test',
    });
  }
  return wantsTest ? 'test' : 'live';
}
