// Reads what a client sends to create or change a hosted function: multipart with at most one file, or JSON
// without one. Only collects; what the fields mean is in hosted-function-fields.ts. Called by
// hosted-functions.ts.
import type { FastifyRequest } from 'fastify';
import { fail } from '../../errors/failure.ts';
import type { FormPart } from '../../http/multipart-form.ts';
import { isForm, readForm } from '../../http/read-form.ts';
import { isStorableText } from '../../http/read-input.ts';
import { parseJsonField } from './json-field.ts';

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
 * The most that the request's file can come to, known before it is read; 0 where the request can hold none.
 */
export function mostUploadBytes(request: FastifyRequest, uploadBytes: number): number {
  if (!isForm(request)) return 0;
  const { 'content-length': length } = request.headers;
  return length === undefined ? uploadBytes : Math.min(Number(length), uploadBytes);
}

/**
 * @throws Failure `payload_too_large` for a file over the limit, `invalid_input` for several files or a
 * broken body
 */
export async function readHostedFunctionForm(
  request: FastifyRequest,
  uploadBytes: number,
): Promise<HostedFunctionForm> {
  if (!isForm(request)) return { fields: readJson(request.body), file: null };
  const bounds = { bodyBytes: uploadBytes + FIELDS_BYTES, parts: PARTS };
  const parts = await readForm(request, bounds, () => fileTooLarge(uploadBytes));
  const files = parts.flatMap((part) => fileOf(part) ?? []);
  if (files.some(({ zip }) => zip.length > uploadBytes)) fileTooLarge(uploadBytes);
  if (files.length > 1) {
    fail('invalid_input', { message: `send one file, not ${files.length}: a single zip`, field: 'file' });
  }
  return { fields: readFields(parts), file: files[0] ?? null };
}

function readJson(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>;
  return fail('invalid_input', { message: 'the request body must be an object of fields' });
}

function readFields(parts: readonly FormPart[]): Record<string, unknown> {
  const fields = parts.filter(({ filename }) => filename === null);
  const trap = fields.find(({ name }) => name in Object.prototype);
  if (trap !== undefined) {
    fail('invalid_input', { message: `the multipart body is malformed: a field is named ${trap.name}` });
  }
  const sizes = fields.map(({ content }) => content.length);
  if (Math.max(0, ...sizes) > FIELD_BYTES || sizes.reduce((sum, one) => sum + one, 0) > FIELDS_BYTES) {
    fail('payload_too_large', {
      message: `the fields hold more than ${FIELDS_BYTES} bytes`,
      facts: { limitBytes: FIELDS_BYTES },
    });
  }
  // A client that types its parts sends what it leaves out as an empty one.
  const given = fields.filter(({ type, content }) => type === null || content.length > 0);
  return Object.fromEntries(given.map((part) => [part.name, fieldValue(part)]));
}

/**
 * The value that a part of type JSON holds, or its text where it holds none: the field's reader says what is
 * wrong with that.
 */
function fieldValue({ name, type, content }: FormPart): unknown {
  const text = content.toString();
  if (type === null || !/^application\/json\s*(;|$)/i.test(type)) return text;
  try {
    return parseJsonField(text, name);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/**
 * The file part's field name means nothing: the console's is the text `undefined` (docs/specs/comecero.md
 * 2.3).
 * @returns null for a field, and where a form was sent without a file being chosen
 */
function fileOf({ filename, content }: FormPart): { zip: Buffer; filename: string } | null {
  if (filename === null || (content.length === 0 && filename === '')) return null;
  return { zip: content, filename: readFilename(filename) };
}

function fileTooLarge(uploadBytes: number): never {
  return fail('payload_too_large', {
    message: `file: a zip may have at most ${uploadBytes} bytes`,
    field: 'file',
    facts: { limitBytes: uploadBytes },
  });
}

function readFilename(filename: string): string {
  const name = filename.split(/[/\\]/).pop()?.slice(0, FILENAME_CHARACTERS).toWellFormed() ?? '';
  return name === '' || !isStorableText(name) ? 'function.zip' : name;
}
