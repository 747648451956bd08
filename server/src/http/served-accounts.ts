// Refuses what is for an account that the operator has stopped, or speaks a dialect that it may not use:
// asked by every door as soon as it knows whose a request is, before a body is read. From memory, so that it
// costs a call nothing. Knows no account but by its id. Called by open-http-server.ts and the doors.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';

export type ServedAccounts = {
  /** Why an account is served nothing; null: it is served. */
  find(accountId: string): { status: string; reason: string | null } | null;
  mayUse(accountId: string, dialect: string): boolean;
};

const SERVED = 'servedAccounts';
export const ALL_SERVED: ServedAccounts = { find: () => null, mayUse: () => true };

export function keepServed(server: FastifyInstance, served: ServedAccounts): void {
  server.decorate(SERVED, served);
}

/** @throws Failure `account_suspended` */
export function requireServed({ server }: FastifyRequest, accountId: string): void {
  const stopped = server.getDecorator<ServedAccounts>(SERVED).find(accountId);
  if (stopped === null) return;
  refuseStopped(stopped.status, stopped.reason);
}

export function refuseStopped(status: string, reason: string | null): never {
  return fail('account_suspended', {
    message: `the account is ${status}${reason === null ? '' : `: ${reason}`}`,
    facts: { status, reason },
  });
}

/** @throws Failure `insufficient_permissions` */
export function requireDialect({ server }: FastifyRequest, accountId: string, dialect: string): void {
  if (server.getDecorator<ServedAccounts>(SERVED).mayUse(accountId, dialect)) return;
  fail('insufficient_permissions', { message: `the account may not use the API of ${dialect}` });
}
