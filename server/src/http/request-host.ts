// Which host a request is for, and whose that host is. Read once, before anything else is done with a
// request; every door asks here whether what a request names may answer on its host: a host that belongs to
// an account is that account's alone, since what is answered there runs in browsers with the rights of its
// pages. Knows no account but by its id. Called by open-http-server.ts and the doors.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure, fail } from '../errors/failure.ts';
import { hostNameOf } from './host-name.ts';

/**
 * The id of the account that a host belongs to; null: nobody's alone. From memory, as a rule: every request
 * asks.
 */
export type AccountOfHost = (name: string) => string | null | Promise<string | null>;

/** Lower case, without port; empty: the request names none. */
const NAME = 'hostName';
const ACCOUNT = 'hostAccountId';

export function readHosts(server: FastifyInstance, accountOf: AccountOfHost): void {
  server.decorateRequest(NAME, '');
  server.decorateRequest(ACCOUNT, null);
  const known = rememberingLast(hostNameOf);
  server.addHook('onRequest', (request, _reply, done) => {
    const name = known(onlyHost(request));
    if (name === null) {
      done(malformed('the Host header is not a host name, with a port or without'));
      return;
    }
    request.setDecorator(NAME, name);
    const found = accountOf(name);
    const keep = (accountId: string | null): void => {
      if (accountId !== null) request.setDecorator(ACCOUNT, accountId);
      done();
    };
    if (found instanceof Promise) found.then(keep, done);
    else keep(found);
  });
}

/** Nearly all requests name the host of the one before. */
function rememberingLast(read: (host: string) => string | null): (host: string) => string | null {
  let last = { host: '', name: read('') };
  return (host) => {
    if (host !== last.host) last = { host, name: read(host) };
    return last.name;
  };
}

/** A second one would be read by a parser that takes the last. */
function onlyHost({ raw }: FastifyRequest): string {
  const { rawHeaders } = raw;
  let isSeen = false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (isSeen) throw malformed('the request has more than one Host header');
    isSeen = true;
  }
  return raw.headers.host ?? '';
}

function malformed(message: string): Failure {
  return new Failure('invalid_input', { message, field: 'Host' });
}

export function hostOf(request: FastifyRequest): string {
  return request.getDecorator<string>(NAME);
}

/** Whether the request's host belongs to this account alone. */
export function isOwnHost(request: FastifyRequest, accountId: string): boolean {
  return request.getDecorator<string | null>(ACCOUNT) === accountId;
}

/** @throws Failure `not_found` on a host that belongs to another account */
export function requireHostFor(request: FastifyRequest, accountId: string): void {
  const owner = request.getDecorator<string | null>(ACCOUNT);
  if (owner === null || owner === accountId) return;
  fail('not_found', { message: 'this host belongs to an account: nothing of another is served here' });
}
