// What is kept of a call by a site, so that its owner can look at it and run it again: the request as it came. Pure.
import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../../http/client-address.ts';
import type { Occasion } from '../../runs/occasion.ts';

export function endpointOccasion(request: FastifyRequest, receivedAtMs: number): Occasion {
  const [path = '', query = ''] = request.url.split(/\?(.*)/s, 2);
  const body = (request.body as Buffer | undefined) ?? null;
  const isBase64 = body !== null && !isUtf8(body);
  return {
    trigger: 'http',
    source: { id: null, name: null },
    request: {
      ...{ method: request.method, path, query, rawHeaders: request.raw.rawHeaders },
      body: body === null || body.length === 0 ? null : body.toString(isBase64 ? 'base64' : 'utf8'),
      ...{ isBase64, ip: clientAddress(request), httpVersion: request.raw.httpVersion, receivedAtMs },
    },
  };
}
