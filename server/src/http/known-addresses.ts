// Distinguishes a known address with another method (405, with `Allow`) from an unknown address (404), and
// answers OPTIONS. One mechanism for every scope: watch it before its routes are made, and end with
// `refuseOtherMethods`.
import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';

export type KnownAddresses = {
  /** Answers every method that no route of the scope takes. Call it once all routes are made. */
  refuseOtherMethods(): void;
};

/** Never a request to us: Node hands it out apart (see open-http-server.ts). */
const ALL_METHODS = METHODS.filter((method) => method !== 'CONNECT');

/** Lets routes take every method that Node can read; the framework knows only the usual ones by itself. */
export function knowAllMethods(server: FastifyInstance): void {
  for (const method of ALL_METHODS) {
    if (!server.supportedMethods.includes(method)) server.addHttpMethod(method);
  }
}

export function watchAddresses(scope: FastifyInstance): KnownAddresses {
  const served = new Map<string, Set<string>>();
  scope.addHook('onRoute', function note(this: FastifyInstance, { routePath, method }) {
    // Scopes inside this one look after their own.
    if (this !== scope) return;
    const methods = served.get(routePath) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    served.set(routePath, methods);
  });
  return {
    refuseOtherMethods() {
      for (const [url, methods] of [...served]) refuseOthers(scope, url, methods);
    },
  };
}

function refuseOthers(scope: FastifyInstance, url: string, served: ReadonlySet<string>): void {
  const allow = [...new Set([...served, 'OPTIONS'])].join(', ');
  scope.route({
    method: ALL_METHODS.filter((method) => !served.has(method)),
    url,
    exposeHeadRoute: false,
    config: { refusesMethods: true },
    // Before the body is read, and before anybody is asked for a token: the methods of an address are no
    // secret.
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('allow', allow);
      if (request.method === 'OPTIONS') return reply.code(204).send();
      return fail('method_not_allowed', { message: `${request.method} is not served here, only ${allow}` });
    },
    handler: async () => {},
  });
}
