// Refuses what is for an account that the operator has stopped: asked by every door as soon as it knows whose a request is, before a body is
// read. From memory, so that it costs a call nothing. Knows no account but by its id. Called by open-http-server.ts and the doors.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';

/** Why an account is served nothing; null: it is served. */
export type WhyStopped = (accountId: string) => { status: string; reason: string | null } | null;

const WHY = 'whyStopped';

export function keepStopped(server: FastifyInstance, whyStopped: WhyStopped): void {
  server.decorate(WHY, whyStopped);
}

/** @throws Failure `account_suspended` */
export function requireServed({ server }: FastifyRequest, accountId: string): void {
  const stopped = server.getDecorator<WhyStopped>(WHY)(accountId);
  if (stopped === null) return;
  const { status, reason } = stopped;
  fail('account_suspended', {
    message: `the account is ${status}${reason === null ? '' : `: ${reason}`}`,
    facts: { status, reason },
  });
}
