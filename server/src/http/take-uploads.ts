// Uploads that a scope of JSON takes at the routes that say so: a multipart form of settings and one file, or
// a bare zip. They are left unread until the route asks for them, because it waits for room first. Called by
// millrace-api.ts.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail } from '../errors/failure.ts';
import type { FormPart } from './multipart-form.ts';
import { isForm, readForm, readRawBody } from './read-form.ts';
import { isStorableText } from './read-input.ts';
import { readJsonText, refuseOtherTypes } from './take-json.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    takesUpload?: boolean;
  }
}

export type UploadedFile = { content: Buffer; filename: string };
export type ReadUpload = {
  /** The JSON of the form's field `settings`; undefined where there is none. */
  settings: unknown;
  file: UploadedFile;
};

export const ZIP_TYPES = ['application/zip', 'application/x-zip-compressed', 'application/octet-stream'];
const SETTINGS = 'settings';
const SETTINGS_BYTES = 2 * 1024 * 1024;
const PARTS = 20;
const FILENAME_CHARACTERS = 255;
const UNNAMED = 'function.zip';

/** Call it after `takeJson`. */
export function takeUploads(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    ['multipart/form-data', ...ZIP_TYPES],
    async (request: FastifyRequest, payload: IncomingMessage) =>
      request.routeOptions.config.takesUpload === true ? undefined : refuseOtherTypes(payload),
  );
}

export function isUpload(request: FastifyRequest): boolean {
  const type = request.headers['content-type'] ?? '';
  return isForm(request) || ZIP_TYPES.includes(type.split(';')[0]?.trim().toLowerCase() ?? '');
}

/** The most that the request's body can come to, known before it is read. */
export function mostBytesOf({ headers }: FastifyRequest, limitBytes: number): number {
  const length = headers['content-length'];
  return length === undefined ? limitBytes : Math.min(Number(length), limitBytes);
}

/** @throws Failure `payload_too_large`, `invalid_input`, `invalid_json` */
export async function readUpload(request: FastifyRequest, limitBytes: number): Promise<ReadUpload> {
  const tooLarge = (): never =>
    fail('payload_too_large', {
      message: `a zip may have at most ${limitBytes} bytes`,
      facts: { limitBytes },
    });
  if (!isForm(request)) {
    const content = (await readRawBody(request, limitBytes)) ?? tooLarge();
    return { settings: undefined, file: { content, filename: UNNAMED } };
  }
  const bounds = { bodyBytes: limitBytes + SETTINGS_BYTES, parts: PARTS };
  const parts = await readForm(request, bounds, tooLarge);
  const file = fileOf(parts);
  if (file.content.length > limitBytes) tooLarge();
  return { settings: settingsOf(parts), file };
}

/** The settings may come from a file as well. */
function isField({ name, filename }: FormPart): boolean {
  return filename === null || name === SETTINGS;
}

function fileOf(parts: readonly FormPart[]): UploadedFile {
  const files = parts.filter((part) => !isField(part));
  const [file] = files;
  if (file === undefined || files.length > 1)
    fail('invalid_input', { message: 'send one file beside the settings: a single zip', field: 'code' });
  const name = (file.filename ?? '').split(/[/\\]/).pop()?.slice(0, FILENAME_CHARACTERS).toWellFormed() ?? '';
  return { content: file.content, filename: name === '' || !isStorableText(name) ? UNNAMED : name };
}

function settingsOf(parts: readonly FormPart[]): unknown {
  const fields = parts.filter(isField);
  const other = fields.find(({ name }) => name !== SETTINGS);
  if (other !== undefined || fields.length > 1) {
    const message = 'a form has one field beside the file: settings, the JSON of all there is to say';
    fail('invalid_input', {
      message,
      field: (other?.name ?? SETTINGS).slice(0, FILENAME_CHARACTERS).toWellFormed(),
    });
  }
  const [settings] = fields;
  if (settings !== undefined && settings.content.length > SETTINGS_BYTES)
    fail('payload_too_large', {
      message: `settings may have ${SETTINGS_BYTES} bytes`,
      facts: { limitBytes: SETTINGS_BYTES },
    });
  return settings === undefined ? undefined : readJsonText(settings.content.toString());
}
