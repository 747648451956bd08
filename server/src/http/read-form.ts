// The multipart forms that a scope takes beside its other bodies: left unread until the handler asks for
// them, because it waits for room first, then read whole and taken apart. Called by the APIs that take
// uploads.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';
import { type FormPart, isMultipartForm, readMultipartForm } from './multipart-form.ts';

export type FormBounds = {
  /** Of the whole body. */
  bodyBytes: number;
  parts: number;
};

/** Lets the scope's routes take forms; call it after the scope's other parsers are set. */
export function takeForms(scope: FastifyInstance): void {
  scope.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null, undefined));
}

export function isForm(request: FastifyRequest): boolean {
  return isMultipartForm(request.headers['content-type']);
}

/**
 * @param tooLarge what to throw for a body over the bound
 * @throws Failure `invalid_input` for a form that is none, or has too many parts
 */
export async function readForm(
  request: FastifyRequest,
  bounds: FormBounds,
  tooLarge: () => never,
): Promise<FormPart[]> {
  const body = await readRawBody(request, bounds.bodyBytes);
  if (body === null) return tooLarge();
  return readMultipartForm(body, request.headers['content-type'] ?? '', bounds.parts);
}

/** @returns null where it is larger: the rest of it is left unread */
export async function readRawBody(
  { raw: request }: { raw: IncomingMessage },
  mostBytes: number,
): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return null;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      sizeBytes += (chunk as Buffer).length;
      if (sizeBytes > mostBytes) return null;
      chunks.push(chunk as Buffer);
    }
  } catch (cause) {
    // The client has hung up: there is no one left to hear it, and nothing of ours is wrong.
    return fail('invalid_input', { message: 'the request body broke off', cause });
  }
  return Buffer.concat(chunks, sizeBytes);
}
