// Who is signed in, of a request to the console's host: session, account and mode. A session counts on that
// host alone, whichever cookies come elsewhere, and only for what the console's own pages ask for: `SameSite`
// alone takes every host below one's domain for one's own. Called by the frame of Millrace's own API, and by
// the addresses of sessions themselves.
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';
import { clientAddress } from '../http/client-address.ts';
import { hostNameOf } from '../http/host-name.ts';
import { hostOf } from '../http/request-host.ts';
import { requireServed } from '../http/served-accounts.ts';
import type { Caller } from '../tokens/caller.ts';
import { type PortalAccess, portalSecret } from './portal-access.ts';
import { permissionsOf } from './roles.ts';
import { readCookie, SESSION_COOKIE } from './session-cookie.ts';
import type { SecretDirectory } from './session-directory.ts';
import type { FoundSession } from './session-store.ts';

export type ConsoleRequest = { host: string; headers: IncomingHttpHeaders; ip: string };

export type ConsoleAccess = {
  /** @throws Failure `not_found` on another host */
  requireHost(request: ConsoleRequest): void;
  /** @throws Failure `not_found` on another host, `insufficient_permissions` for what another page asks */
  requireOwn(request: ConsoleRequest): void;
  /** @throws Failure `unauthorized` where nobody is signed in, and as {@link requireOwn} */
  requireSession(request: ConsoleRequest): Promise<FoundSession>;
  /** null: nobody is signed in. @throws Failure as {@link requireOwn} */
  findSession(request: ConsoleRequest): Promise<FoundSession | null>;
  /**
   * Of the account that the request names. @throws Failure `invalid_input`, `insufficient_permissions`,
   * `account_suspended`
   */
  callerOf(request: FastifyRequest): Promise<Caller | null>;
};

type Parts = {
  /** Without a trailing slash. */
  consoleUrl: string;
  sessions: Pick<SecretDirectory<FoundSession>, 'find'>;
  portals: PortalAccess;
  operatorAccountId: string;
};

/** Names the account. No page of another host can send it: browsers would ask first, and are answered no. */
const ACCOUNT_HEADER = 'millrace-account';
const MODE_HEADER = 'millrace-mode';

export function createConsoleAccess(parts: Parts): ConsoleAccess {
  const { consoleUrl, sessions, portals, operatorAccountId } = parts;
  const { host, origin } = new URL(consoleUrl);
  const name = hostNameOf(host) ?? '';
  const find = async ({ headers, ip }: ConsoleRequest): Promise<FoundSession | null> => {
    const secret = readCookie(headers.cookie, SESSION_COOKIE);
    return secret === null ? null : await sessions.find(secret, ip);
  };
  const requireHost = ({ host: asked }: ConsoleRequest): void => {
    if (asked === name) return;
    fail('not_found', { message: `people sign in at ${consoleUrl}, and are signed in there alone` });
  };
  const requireOwn = (request: ConsoleRequest): void => {
    requireHost(request);
    requireOwnPage(request.headers, origin);
  };
  return {
    requireHost,
    requireOwn,
    async findSession(request) {
      requireOwn(request);
      return await find(request);
    },
    async requireSession(request) {
      requireOwn(request);
      return (await find(request)) ?? fail('unauthorized', { message: 'you are not signed in' });
    },
    async callerOf(request) {
      const asked = { host: hostOf(request), headers: request.headers, ip: clientAddress(request) };
      if (asked.host !== name) return null;
      const isPortal = portalSecret(asked.headers) !== null;
      if (!isPortal && readCookie(asked.headers.cookie, SESSION_COOKIE) === null) return null;
      requireOwnPage(asked.headers, origin);
      if (isPortal) return await portals.callerOf(request, asked.ip);
      const session = await find(asked);
      if (session === null) return null;
      const caller = asUser(session, asked.headers, operatorAccountId);
      requireServed(request, caller.accountId);
      return caller;
    },
  };
}

/**
 * What a browser says of where a request comes from, as far as it does. @throws Failure
 * `insufficient_permissions`
 */
function requireOwnPage(headers: IncomingHttpHeaders, origin: string): void {
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  const isOwn = site === 'same-origin' || site === 'none';
  if (isOwn && (headers.origin ?? origin) === origin) return;
  fail('insufficient_permissions', { message: 'only pages of the console itself may ask for this' });
}

function asUser(session: FoundSession, headers: IncomingHttpHeaders, operatorAccountId: string): Caller {
  const accountId = headers[ACCOUNT_HEADER];
  if (typeof accountId !== 'string') {
    return fail('invalid_input', {
      message: 'Millrace-Account: must name the account that you ask about',
      field: 'Millrace-Account',
    });
  }
  const mode = headers[MODE_HEADER] ?? 'live';
  if (mode !== 'live' && mode !== 'test') {
    return fail('invalid_input', { message: 'Millrace-Mode: must be live or test', field: 'Millrace-Mode' });
  }
  const user = session.users.find((one) => one.accountId === accountId);
  if (user === undefined) {
    return fail('insufficient_permissions', { message: 'you have no role in an account of this id' });
  }
  return {
    ...{ accountId, mode, kind: 'session', tokenId: session.id, userId: user.id },
    permissions: permissionsOf(user, accountId === operatorAccountId),
  };
}
