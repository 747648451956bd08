// Reads the token that a request presents and finds its caller. Used by every door that takes the platform's
// tokens.
import type { FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';
import { clientAddress } from '../http/client-address.ts';
import { requireHostFor } from '../http/request-host.ts';
import { requireServed } from '../http/served-accounts.ts';
import type { Caller } from './caller.ts';
import type { TokenDirectory } from './token-directory.ts';

export type Tokens = Pick<TokenDirectory, 'peek' | 'authenticate'>;

/** The token of an `Authorization: Bearer` header (RFC 6750); null for no header or one of another scheme. */
export function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null;
  return /^Bearer +([\x21-\x7e]+) *$/i.exec(header)?.[1] ?? null;
}

const wrongToken = (): string => 'this token is not valid, or no longer';

/**
 * At once where the token was presented lately: every call asks.
 * @param wrong what is said of a token that isn't one
 * @throws Failure `too_many_requests` after many wrong ones, `unauthorized` for one that doesn't exist or has
 * expired, `not_found` on a host
 *   that belongs to another account than the token's, `account_suspended`
 */
export function callerOf(
  tokens: Tokens,
  token: string,
  request: FastifyRequest,
  wrong: (token: string) => string = wrongToken,
): Caller | Promise<Caller> {
  const admit = (caller: Caller | null): Caller => {
    if (caller === null) return fail('unauthorized', { message: wrong(token) });
    requireHostFor(request, caller.accountId);
    requireServed(request, caller.accountId);
    return caller;
  };
  const remembered = tokens.peek(token);
  return remembered === undefined
    ? tokens.authenticate(token, clientAddress(request)).then(admit)
    : admit(remembered);
}
