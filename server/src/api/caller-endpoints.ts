// Who a request comes from, /caller: account, mode, user, and what the token or the role permits. For
// every good token, and for people who are signed in. Reading only.
import { z } from 'zod';
import { MODES } from '../accounts/account.ts';
import { findUser } from '../accounts/user-store.ts';
import type { Sql } from '../postgres/database.ts';
import { TOKEN_KINDS } from '../tokens/caller.ts';
import { METHODS, RESOURCES } from '../tokens/permissions.ts';
import { findToken } from '../tokens/token-store.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';

const callerSchema = z.object({
  account_id: z.string(),
  mode: z.enum(MODES),
  kind: z.enum([...TOKEN_KINDS, 'session']).describe('of token; `session`: a person is signed in'),
  token: z
    .object({ id: z.string(), name: z.string().nullable(), expires_at: z.iso.datetime().nullable() })
    .nullable()
    .describe('null for people who are signed in'),
  user: z
    .object({ id: z.string(), name: z.string(), email: z.string() })
    .nullable()
    .describe('on whose behalf the token acts, or who is signed in'),
  permissions: z.record(z.enum(RESOURCES), z.record(z.enum(METHODS), z.boolean())),
  console_url: z.string().describe('where people sign in'),
});
z.globalRegistry.add(callerSchema, { id: 'Caller' });

type Parts = { sql: Sql; consoleUrl: string };

export function callerEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/caller',
      summary: 'Who the request comes from, and what they may do',
      permit: 'any_token',
      response: callerSchema,
      answer: (request) => show(parts, request),
    },
  ];
}

async function show(
  { sql, consoleUrl }: Parts,
  { world, caller, tokenId }: ApiRequest,
): Promise<z.input<typeof callerSchema>> {
  const token = caller.kind === 'session' ? null : await findToken(sql, world, tokenId);
  const user = caller.userId === null ? null : await findUser(sql, world.accountId, caller.userId);
  return {
    ...{ account_id: world.accountId, mode: world.mode, kind: caller.kind },
    token: token === null ? null : { id: token.id, name: token.comments, expires_at: isoOf(token.expiresAt) },
    user: user === null ? null : { id: user.id, name: user.name, email: user.email },
    permissions: caller.permissions,
    console_url: consoleUrl,
  };
}

function isoOf(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
