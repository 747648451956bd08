// Reads the one file of an upload. Its part is called `file`; older callers give it no file name, which makes
// it a field to most readers: here it is a file all the same. Called by file-endpoints.ts and
// project-endpoints.ts.
import type { FastifyRequest } from 'fastify';
import { fail } from '../../../errors/failure.ts';
import { isForm, readForm } from '../../../http/read-form.ts';
import type { Upload } from '../../../limits/upload-gate.ts';
import type { CliRequest } from '../frame/cli-endpoint.ts';

const PARTS = 20;
/**
 * What a project's metas say comes along as a field; all of them together, with what stands around the parts.
 */
const FIELD_BYTES = 2 * 1024 * 1024;

/** The CLI gives a request up after 15 s: before that it hears that there is no room. */
const WAIT_MS = 10_000;

/** @returns what an upload asks of the gate before it is read */
export function uploadOf({ world, http }: CliRequest, fileBytes: number): Upload {
  const length = Number(http.headers['content-length'] ?? fileBytes);
  const bytes = Math.min(Number.isFinite(length) ? length : fileBytes, fileBytes);
  return { accountId: world.accountId, bytes, waitMs: WAIT_MS, body: http.raw };
}

export type UploadedForm = { file: Buffer /** The other parts. */; fields: Readonly<Record<string, string>> };

/** @throws Failure `payload_too_large`, `invalid_input` where there is no file, several, or a broken body */
export async function readUploadedFile(request: FastifyRequest, fileBytes: number): Promise<Buffer> {
  return (await readUploadedForm(request, fileBytes)).file;
}

/** As {@link readUploadedFile}, with what else the body says. */
export async function readUploadedForm(request: FastifyRequest, fileBytes: number): Promise<UploadedForm> {
  if (!isForm(request)) {
    fail('unsupported_media_type', { message: 'An upload is a multipart body with one part called file.' });
  }
  const bounds = { bodyBytes: fileBytes + FIELD_BYTES, parts: PARTS };
  const parts = await readForm(request, bounds, () => fileTooLarge(fileBytes));
  const files = parts.filter(({ name, filename }) => name === 'file' || filename !== null);
  const [file, ...others] = files;
  if (files.some(({ content }) => content.length > fileBytes)) fileTooLarge(fileBytes);
  if (file === undefined || others.length > 0) {
    fail('invalid_input', { message: 'An upload is one part called file.', field: 'file' });
  }
  const fields = Object.create(null) as Record<string, string>;
  for (const part of parts) if (!files.includes(part)) fields[part.name] = part.content.toString();
  return { file: file.content, fields };
}

function fileTooLarge(fileBytes: number): never {
  return fail('payload_too_large', {
    message: `A file may have at most ${fileBytes} bytes.`,
    facts: { limitBytes: fileBytes },
  });
}
