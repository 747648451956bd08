// Every route that a server has, with what its callers need: written to the log at `debug`, and gone through
// by a test that fails where a route says nothing about it. Called by roles/open-public-port.ts; each frame
// declares the permit of its routes.
import type { FastifyInstance } from 'fastify';

/** As the frames declare it: a permission or several, any valid token, or nothing. */
export type DeclaredPermit = object | 'any_token' | 'anyone';

declare module 'fastify' {
  interface FastifyContextConfig {
    permit?: DeclaredPermit;
    /** Whether a test token is refused. */
    liveOnly?: boolean;
    /** Whether it only says which methods there are (known-addresses.ts). */
    refusesMethods?: boolean;
  }
}

export type ServedRoute = {
  method: string;
  url: string;
  /** null: it declares none. */
  permit: DeclaredPermit | null;
  liveOnly: boolean;
};

/** @returns a list that grows with every route that is made */
export function watchRoutes(server: FastifyInstance): readonly ServedRoute[] {
  const routes: ServedRoute[] = [];
  server.addHook('onRoute', ({ method, url, config }) => {
    if (config?.refusesMethods === true) return;
    for (const one of [method].flat()) {
      routes.push({
        ...{ method: one, url },
        permit: config?.permit ?? null,
        liveOnly: config?.liveOnly === true,
      });
    }
  });
  return routes;
}
