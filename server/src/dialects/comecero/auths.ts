// The endpoints of `auths`: reading, changing and revoking tokens (docs/specs/comecero.md section 5). Making
// them is in auths-issue.ts. A token is seen in its own world only: a live token doesn't list test tokens.

import { isDeepStrictEqual } from 'node:util';
import type { World } from '../../accounts/account.ts';
import type { Clock } from '../../clock/clock.ts';
import { fail } from '../../errors/failure.ts';
import type { Sql } from '../../postgres/database.ts';
import { TOKEN_KINDS, type TokenKind } from '../../tokens/caller.ts';
import { delegatedExpiry, requireWithin } from '../../tokens/delegation.ts';
import { METHODS, RESOURCES } from '../../tokens/permissions.ts';
import type { TokenDirectory } from '../../tokens/token-directory.ts';
import {
  deleteToken,
  findToken,
  listTokens,
  type StoredToken,
  TOKEN_SORT_KEYS,
  type TokenChanges,
  updateToken,
} from '../../tokens/token-store.ts';
import { type AuthInput, authBody, authView, readAuthInput } from './auth-resource.ts';
import { type ApiRequest, type Endpoint, found, listed, nothing, type Query } from './endpoint.ts';
import { readListQuery } from './list-query.ts';

export type AuthsParts = {
  sql: Sql;
  clock: Clock;
  publicUrl: string;
  /** Called with every change, so that a revoked token is refused at once on this node. */
  tokens: Pick<TokenDirectory, 'forget'>;
};

export function authsEndpoints(parts: AuthsParts): Endpoint[] {
  const { sql, publicUrl, tokens } = parts;
  const view = (token: StoredToken) => authView(token, token.masked, publicUrl);
  return [
    {
      method: 'GET',
      path: '/auths',
      permit: { resource: 'auths', method: 'read' },
      answer: async ({ world, query }) => {
        const list = readListQuery(query, { sortKeys: TOKEN_SORT_KEYS, sortBy: 'date_created', desc: true });
        const page = await listTokens(sql, world, { ...list, kinds: readKinds(query) });
        return listed(page.tokens.map(view), page.total, list);
      },
    },
    {
      method: 'GET',
      path: '/auths/options',
      permit: { resource: 'auths', method: 'read' },
      answer: async ({ query }) => {
        requireSecretType(query);
        return found({ permissions: RESOURCES.map((resource) => ({ resource, methods: [...METHODS] })) });
      },
    },
    {
      method: 'GET',
      path: '/auths/:id',
      permit: { resource: 'auths', method: 'read' },
      answer: async ({ world, params }) => found(view(await findOrFail(sql, world, params.id))),
    },
    {
      method: 'POST',
      path: '/auths/:id',
      takes: authBody,
      permit: { resource: 'auths', method: 'update' },
      answer: async (request) => found(view(await changeToken(parts, request))),
    },
    {
      method: 'DELETE',
      path: '/auths/me',
      permit: 'any_token',
      answer: async ({ world, caller }) => {
        await deleteToken(sql, world, caller.tokenId);
        tokens.forget(world.accountId);
        return nothing();
      },
    },
    {
      method: 'DELETE',
      path: '/auths/:id',
      permit: { resource: 'auths', method: 'delete' },
      answer: async ({ world, params }) => {
        const deleted = await deleteToken(sql, world, params.id ?? '');
        tokens.forget(world.accountId);
        return deleted ? nothing() : noSuchToken();
      },
    },
  ];
}

/** Shoppers' tokens come in thousands: they are listed only on request. */
function readKinds(query: Query): TokenKind[] {
  const type = query.type ?? '';
  if (type === '') return ['secret', 'trusted'];
  const kind = TOKEN_KINDS.find((known) => known === type);
  if (kind !== undefined) return [kind];
  return fail('invalid_input', { message: 'type must be secret, trusted or limited', field: 'type' });
}

function requireSecretType(query: Query): void {
  if ((query.type ?? 'secret') === 'secret') return;
  fail('invalid_input', { message: 'type must be secret: other tokens have no options', field: 'type' });
}

async function changeToken(parts: AuthsParts, request: ApiRequest): Promise<StoredToken> {
  const input = readAuthInput(request.body);
  const stored = await findOrFail(parts.sql, request.world, request.params.id);
  if (stored.kind !== 'secret') {
    fail('invalid_state', { message: `a ${stored.kind} token can't be changed, only deleted` });
  }
  const maker = await findOrFail(parts.sql, request.world, request.caller.tokenId);
  requireWithin(maker, stored.permissions);
  const changes = decideChanges(maker, { stored, input }, new Date(parts.clock()));
  const changed = await updateToken(parts.sql, request.world, stored.id, changes);
  parts.tokens.forget(request.world.accountId);
  return changed ?? noSuchToken();
}

/** Clients send everything back that they once read: what is the same isn't a change. */
function decideChanges(
  maker: StoredToken,
  { stored, input }: { stored: StoredToken; input: AuthInput },
  now: Date,
): TokenChanges {
  const permissions = input.permissions ?? stored.permissions;
  if (!isDeepStrictEqual(permissions, stored.permissions)) requireWithin(maker, permissions);
  const isNewExpiry =
    input.expiresAt !== undefined && input.expiresAt?.getTime() !== stored.expiresAt?.getTime();
  return {
    permissions,
    comments: input.comments === undefined ? stored.comments : input.comments,
    expiresAt: isNewExpiry ? delegatedExpiry(maker, input.expiresAt, now) : stored.expiresAt,
  };
}

/** @throws Failure `not_found` */
export async function findOrFail(sql: Sql, world: World, id: string | undefined): Promise<StoredToken> {
  return (await findToken(sql, world, id ?? '')) ?? noSuchToken();
}

function noSuchToken(): never {
  return fail('not_found', { message: 'there is no such token' });
}
