// Reads what a client sends to create or change a hosted function: multipart with at most one file, or JSON without one.
// Only collects; what the fields mean is in hosted-function-fields.ts. Called by hosted-functions.ts.
import multipart, { type MultipartFile, type MultipartValue } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure, fail } from '../../errors/failure.ts';
import { isStorableText } from '../../http/read-input.ts';

/** Every field as it came (texts from multipart, anything from JSON), and the file if there was one. */
export type HostedFunctionForm = {
  fields: Readonly<Record<string, unknown>>;
  file: { zip: Buffer; filename: string } | null;
};

/** Far more than all settings of a function, and than the stray parts that the console sends along. */
const FIELD_BYTES = 2 * 1024 * 1024;
const FIELDS_BYTES = 4 * 1024 * 1024;
const PARTS = 2000;
const FILENAME_CHARACTERS = 255;

/**
 * Lets the scope's routes take multipart bodies.
 * @param uploadBytes  largest file
 */
export async function takeUploads(scope: FastifyInstance, uploadBytes: number): Promise<void> {
  await scope.register(multipart, {
    throwFileSizeLimit: false,
    // One byte more than allowed tells a file of exactly the limit from a larger one.
    limits: { fileSize: uploadBytes + 1, fieldSize: FIELD_BYTES, parts: PARTS },
  });
}

/** The most that the request's file can come to, known before it is read; 0 where the request can hold none. */
export function mostUploadBytes(request: FastifyRequest, uploadBytes: number): number {
  if (!request.isMultipart()) return 0;
  const { 'content-length': length } = request.headers;
  return length === undefined ? uploadBytes : Math.min(Number(length), uploadBytes);
}

/**
 * @throws Failure `payload_too_large` for a file over the limit, `invalid_input` for several files or a broken body
 */
export async function readHostedFunctionForm(
  request: FastifyRequest,
  uploadBytes: number,
): Promise<HostedFunctionForm> {
  if (!request.isMultipart()) return { fields: readJson(request.body), file: null };
  try {
    return await readMultipart(request, uploadBytes);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (error instanceof Failure || (typeof code === 'string' && code.startsWith('FST_'))) throw error;
    return fail('invalid_input', { message: 'the multipart body is malformed', cause: error });
  }
}

function readJson(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>;
  return fail('invalid_input', { message: 'the request body must be an object of fields' });
}

/** Always reads to the end, whatever it finds: a client that is still sending doesn't hear an answer. */
async function readMultipart(request: FastifyRequest, uploadBytes: number): Promise<HostedFunctionForm> {
  const fields = new Map<string, unknown>();
  const files: { zip: Buffer; filename: string }[] = [];
  let problem: Failure | null = null;
  let fieldsBytes = 0;
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const file = await readFile(part, uploadBytes, files.length === 0);
      if (file instanceof Failure) problem ??= file;
      else if (file !== null) files.push(file);
      continue;
    }
    fieldsBytes += fieldBytes(part);
    if (part.valueTruncated || fieldsBytes > FIELDS_BYTES) problem ??= fieldsTooLarge();
    else fields.set(part.fieldname, part.value);
  }
  if (problem !== null) throw problem;
  if (files.length > 1) {
    fail('invalid_input', { message: `send one file, not ${files.length}: a single zip`, field: 'file' });
  }
  return { fields: Object.fromEntries(fields), file: files[0] ?? null };
}

function fieldBytes(part: MultipartValue): number {
  return typeof part.value === 'string' ? Buffer.byteLength(part.value) : JSON.stringify(part.value).length;
}

function fieldsTooLarge(): Failure {
  return new Failure('payload_too_large', {
    message: `the fields hold more than ${FIELDS_BYTES} bytes`,
    facts: { limitBytes: FIELDS_BYTES },
  });
}

/**
 * The file part's field name means nothing: the console's is the text `undefined` (docs/specs/comecero.md 2.3).
 * @param isFirst  whether its bytes are wanted: of further files only their number is
 * @returns null where a form was sent without a file being chosen
 */
async function readFile(
  part: MultipartFile,
  uploadBytes: number,
  isFirst: boolean,
): Promise<{ zip: Buffer; filename: string } | Failure | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (isFirst && sizeBytes <= uploadBytes) chunks.push(chunk);
  }
  if (sizeBytes > uploadBytes) {
    return new Failure('payload_too_large', {
      message: `file: a zip may have at most ${uploadBytes} bytes`,
      field: 'file',
      facts: { limitBytes: uploadBytes },
    });
  }
  const filename = part.filename ?? '';
  if (sizeBytes === 0 && filename === '') return null;
  return { zip: Buffer.concat(chunks), filename: readFilename(filename) };
}

function readFilename(filename: string): string {
  const name = filename.split(/[/\\]/).pop()?.slice(0, FILENAME_CHARACTERS).toWellFormed() ?? '';
  return name === '' || !isStorableText(name) ? 'function.zip' : name;
}
