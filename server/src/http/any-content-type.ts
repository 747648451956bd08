// For scopes that take a body of whatever type: the framework refuses types that it can't read (415) before
// it asks the parser for all types, and a proxy that joins two equal headers makes such a type of a good one.
// It is shown a plain type while it looks for the parser; everyone else sees the type as it came. Called by
// the doors whose bodies are for functions, and by APIs that read text.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { takeTurn } from './heavy-turns.ts';

/** The framework reads these as they are. */
const PLAIN = /^[a-z]+\/[a-z0-9.+-]+(; ?charset=[a-z0-9-]+)?$/i;
const SHOWN = 'application/octet-stream';
const GIVEN = 'givenContentType';

/** @param as what handlers get */
export function takeAnyContentType(scope: FastifyInstance, as: 'buffer' | 'string'): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    await takeTurn(request, body.length);
    return as === 'buffer' ? body : body.toString();
  });
  scope.decorateRequest(GIVEN, null);
  scope.addHook('preParsing', (request, _reply, payload, done) => {
    hide(request);
    done(null, payload);
  });
  scope.addHook('preValidation', (request, _reply, done) => {
    const given = request.getDecorator<string | null>(GIVEN);
    if (given !== null) request.raw.headers['content-type'] = given;
    done();
  });
}

function hide(request: FastifyRequest): void {
  const { headers } = request.raw;
  const type = headers['content-type'];
  if (type === undefined || PLAIN.test(type)) return;
  request.setDecorator(GIVEN, type);
  headers['content-type'] = SHOWN;
}
