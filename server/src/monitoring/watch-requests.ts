// Times requests at the public port and counts what is refused, by what the request was for and the class of
// its status: never by path, which callers choose. Adds no hook where nothing is measured. Called by
// roles/open-monitoring.ts, before routes are mounted.
import type { FastifyInstance } from 'fastify';
import { asFailure } from '../http/report-failure.ts';
import type { Instruments } from './instruments.ts';

/** @param doors what the beginning of a route's pattern says of its purpose; the first that fits counts */
export function watchRequests(
  server: FastifyInstance,
  doors: readonly (readonly [prefix: string, door: string])[],
  { requests, refusals }: Instruments,
): void {
  const doorOf = new Map<string | undefined, string>([[undefined, 'none']]);
  server.addHook('onResponse', (request, reply, done) => {
    const { url } = request.routeOptions;
    let door = doorOf.get(url);
    if (door === undefined) {
      door = doors.find(([prefix]) => url?.startsWith(prefix))?.[1] ?? 'none';
      doorOf.set(url, door);
    }
    requests.observe({ door, status: classOf(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
  server.addHook('onError', (_request, _reply, error, done) => {
    refusals.inc({ code: asFailure(error).code });
    done();
  });
}

const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'];

function classOf(status: number): string {
  return CLASSES[Math.floor(status / 100) - 1] ?? 'other';
}
