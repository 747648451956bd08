// Reads the one file of an upload. Its part is called `file`; older callers give it no file name, which makes it a field to most
// readers: here it is a file all the same. Called by file-endpoints.ts and project-endpoints.ts.
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure, fail } from '../../errors/failure.ts';
import type { Upload } from '../../limits/upload-gate.ts';
import type { CliRequest } from './cli-endpoint.ts';

const PARTS = 20;
/** What a project's metas say comes along as a field. */
const FIELD_BYTES = 2 * 1024 * 1024;

/** The CLI gives a request up after 15 s: before that it hears that there is no room. */
const WAIT_MS = 10_000;

/** Lets the scope's routes take multipart bodies. */
export async function takeFiles(scope: FastifyInstance, fileBytes: number): Promise<void> {
  await scope.register(multipart, {
    throwFileSizeLimit: false,
    isPartAFile: (field, _type, filename) => field === 'file' || filename !== undefined,
    // One byte more than allowed tells a file of exactly the limit from a larger one.
    limits: { fileSize: fileBytes + 1, fieldSize: FIELD_BYTES, parts: PARTS },
  });
}

/** @returns what an upload asks of the gate before it is read */
export function uploadWish({ world, http }: CliRequest, fileBytes: number): Upload {
  const length = Number(http.headers['content-length'] ?? fileBytes);
  const bytes = Math.min(Number.isFinite(length) ? length : fileBytes, fileBytes);
  return { accountId: world.accountId, bytes, waitMs: WAIT_MS };
}

export type UploadedForm = { file: Buffer /** The other parts. */; fields: Readonly<Record<string, string>> };

/** @throws Failure `payload_too_large`, `invalid_input` where there is no file, several, or a broken body */
export async function readUploadedFile(request: FastifyRequest, fileBytes: number): Promise<Buffer> {
  return (await readUploadedForm(request, fileBytes)).file;
}

/** As {@link readUploadedFile}, with what else the body says. */
export async function readUploadedForm(request: FastifyRequest, fileBytes: number): Promise<UploadedForm> {
  if (!request.isMultipart()) {
    fail('unsupported_media_type', { message: 'An upload is a multipart body with one part called file.' });
  }
  try {
    return await readParts(request, fileBytes);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (error instanceof Failure || (typeof code === 'string' && code.startsWith('FST_'))) throw error;
    return fail('invalid_input', { message: 'The multipart body is malformed.', cause: error });
  }
}

/** Always reads to the end, whatever it finds: a client that is still sending doesn't hear an answer. */
async function readParts(request: FastifyRequest, fileBytes: number): Promise<UploadedForm> {
  const files: Buffer[] = [];
  const fields = Object.create(null) as Record<string, string>;
  let isTooLarge = false;
  for await (const part of request.parts()) {
    if (part.type !== 'file') {
      if (typeof part.value === 'string') fields[part.fieldname] = part.value;
      continue;
    }
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes <= fileBytes && files.length === 0) chunks.push(chunk);
    }
    isTooLarge ||= sizeBytes > fileBytes;
    files.push(Buffer.concat(chunks));
  }
  if (isTooLarge) {
    fail('payload_too_large', {
      message: `A file may have at most ${fileBytes} bytes.`,
      facts: { limitBytes: fileBytes },
    });
  }
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) {
    fail('invalid_input', { message: 'An upload is one part called file.', field: 'file' });
  }
  return { file, fields };
}
