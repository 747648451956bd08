// Has every change by any API noted before it is answered: by method, status and what the route permits. A
// route that changes nothing that is kept says so (CHANGES_NOTHING), and one that notes its changes itself
// (NOTES_ITSELF). Knows no caller. Called by open-http-server.ts.
import type { FastifyInstance, FastifyRequest } from 'fastify';

const CHANGING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

declare module 'fastify' {
  interface FastifyContextConfig {
    notesItself?: boolean;
  }
}

/** For the `config` of a route whose changes are noted in the transactions that make them. */
export const NOTES_ITSELF = { notesItself: true } as const;

/** What a route knows of its change: which one it was made to, and what differs. null: it isn't said. */
export type ChangeDetails = {
  target: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

/** `nothing`: the request was answered and has changed nothing. */
const details = new WeakMap<FastifyRequest, ChangeDetails | 'nothing'>();

export function detailChange(request: FastifyRequest, change: ChangeDetails | 'nothing'): void {
  details.set(request, change);
}

/** null: there is nothing to note. A promise more for every call would be felt. */
export type NoteChange = (request: FastifyRequest, change: ChangeDetails) => Promise<void> | null;

export function noteChanges(server: FastifyInstance, note: NoteChange): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const { changesNothing, notesItself, permit } = request.routeOptions.config as Config;
    const isChange =
      CHANGING.has(request.method) &&
      reply.statusCode < 300 &&
      typeof permit === 'object' &&
      changesNothing !== true &&
      notesItself !== true;
    const change = isChange ? (details.get(request) ?? targetOf(request)) : 'nothing';
    const going = change === 'nothing' ? null : note(request, change);
    if (going === null) done(null, payload);
    else going.then(() => done(null, payload), done);
  });
}

type Config = { changesNothing?: boolean; notesItself?: boolean; permit?: unknown };

/** Where a route says nothing, the last thing that its address names. */
function targetOf({ params }: FastifyRequest): ChangeDetails {
  const named = Object.values((params ?? {}) as Record<string, unknown>).at(-1);
  return { target: typeof named === 'string' ? named : null, before: null, after: null };
}
