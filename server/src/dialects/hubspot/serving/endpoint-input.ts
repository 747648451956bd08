// What is kept of a call by a site, so that its owner can look at it and run it again: the request as it came. Pure.
import type { FastifyRequest } from 'fastify';
import { httpRequestFacts } from '../../../doors/http-request-facts.ts';
import type { RunInput } from '../../../runs/run-input.ts';

export function endpointInput(request: FastifyRequest, receivedAtMs: number): RunInput {
  const source = { id: null, name: null };
  return { trigger: 'http', source, request: httpRequestFacts(request, receivedAtMs) };
}
