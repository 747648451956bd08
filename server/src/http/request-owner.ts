// Whose a request is: the account whose room and turns it takes. Said by the door once it knows; until then,
// and where nobody is known, it is the address that the request comes from.
import type { FastifyInstance, FastifyRequest } from 'fastify';

const OWNER = 'ownerId';

/** Called once by open-http-server.ts. */
export function keepOwners(server: FastifyInstance): void {
  server.decorateRequest(OWNER, null);
}

/** @param accountId of the caller, or of what the address names */
export function setOwner(request: FastifyRequest, accountId: string): void {
  request.setDecorator(OWNER, accountId);
}

export function ownerOf(request: FastifyRequest): string {
  return request.getDecorator<string | null>(OWNER) ?? request.ip;
}
