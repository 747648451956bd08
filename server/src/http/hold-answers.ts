// Holds back an answer until this node goes by it: what was answered with 2xx holds for the next call. Holds
// every answer to a change, by method and status alone, and the answers of routes that say when work has
// ended elsewhere, as builds do. A route whose requests change nothing that is kept in memory says so and
// isn't held. Called by open-http-server.ts.
import type { FastifyInstance } from 'fastify';

const CHANGING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

declare module 'fastify' {
  interface FastifyContextConfig {
    changesNothing?: boolean;
    reportsWork?: boolean;
  }
}

/** For the `config` of a route that takes work in and changes no setting. */
export const CHANGES_NOTHING = { changesNothing: true } as const;
/**
 * For the `config` of a route that is read to learn whether work has ended: this node may not have heard of
 * the end yet.
 */
export const REPORTS_WORK = { reportsWork: true } as const;

/** @param settled resolves when what was changed before has been taken in here */
export function holdAnswers(server: FastifyInstance, settled: () => Promise<void>): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const { changesNothing, reportsWork } = request.routeOptions.config;
    const isChange = CHANGING.has(request.method) && changesNothing !== true;
    const isHeld = reply.statusCode < 300 && (isChange || reportsWork === true);
    if (!isHeld) done(null, payload);
    else settled().then(() => done(null, payload), done);
  });
}
