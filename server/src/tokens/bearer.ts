// Reads the token that a request presents and finds its caller. Used by every door that takes the platform's tokens.
import { fail } from '../errors/failure.ts';
import type { Caller } from './caller.ts';
import type { TokenDirectory } from './token-directory.ts';

export type Tokens = Pick<TokenDirectory, 'peek' | 'authenticate'>;

/** The token of an `Authorization: Bearer` header (RFC 6750); null for no header or one of another scheme. */
export function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null;
  return /^Bearer +([\x21-\x7e]+) *$/i.exec(header)?.[1] ?? null;
}

/** @throws Failure `unauthorized` for a token that doesn't exist or has expired */
export async function callerOf(tokens: Tokens, token: string): Promise<Caller> {
  const remembered = tokens.peek(token);
  const caller = remembered === undefined ? await tokens.authenticate(token) : remembered;
  return caller ?? fail('unauthorized', { message: 'this token is not valid, or no longer' });
}
