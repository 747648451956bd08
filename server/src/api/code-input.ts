// Code as a request brings it: a map of files, one file inline, a zip in base64, or an uploaded zip. What it
// becomes is always a zip, made in a thread where there is much of it. Whether the zip can be unpacked,
// versions/ says. Called by the endpoints that take code.

import { z } from 'zod';
import type { Language } from '../../../contract/engine-name.ts';
import { findRuntime } from '../engines/runtime-codes.ts';
import { fail } from '../errors/failure.ts';
import type { Convention } from '../functions/function.ts';
import { isStorableText, readInput } from '../http/read-input.ts';
import type { UploadedFile } from '../http/take-uploads.ts';
import { jobOf } from '../threads/job.ts';
import type { Threads } from '../threads/thread-pool.ts';
import type { UploadedCode } from '../versions/deployment.ts';
import { type PackedFile, packZip } from '../versions/pack-zip.ts';

const PATH_CHARACTERS = 1024;
/** Of all files together: less is packed within some milliseconds. */
const SMALL_CHARACTERS = 64 * 1024;
const FEW_FILES = 50;
/** Of a map: checking more would hold up the callers of others. As many are shown at most. */
const MAP_FILES = 5000;
const FILENAME = 'function.zip';

const text = z.string().refine((one) => one.isWellFormed(), 'must not contain broken characters');
const base64 = z.string().refine((one) => one.length % 4 === 0 && !/[^A-Za-z0-9+/=]/.test(one), {
  error: 'must be base64',
});
const executable = z.boolean('must be true or false').optional();
const fileSchema = z.union(
  [text, z.strictObject({ text, executable }), z.strictObject({ base64, executable })],
  'must be text, {"text": "..."} or {"base64": "..."}',
);
export type CodeFile = z.infer<typeof fileSchema>;

export const filesSchema = z
  .record(z.string(), fileSchema)
  .describe('by path: its text, `{"text", "executable"}`, or `{"base64", "executable"}` where it is no text');

export const codeSchema = z
  .strictObject({
    files: filesSchema.optional(),
    inline: text.optional().describe('one file of JavaScript or Python, named as the handler says'),
    zip: base64.optional().describe('a zip, in base64'),
  })
  .refine((code) => Object.keys(code).length === 1, 'must have one of files, inline and zip');
type Code = z.infer<typeof codeSchema>;

/** What inline code is started by. */
type Start = { handler: string; runtime: string; convention: Convention };
export type GivenCode = { code?: Code | undefined; upload: UploadedFile | null };

/** The body of a request that may bring code, its files counted before any of them is looked at. */
export function readCodeBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const { files, code } = membersOf(body);
  countFiles(files, 'files');
  countFiles(membersOf(code).files, 'code.files');
  return readInput(schema, body ?? {}, 'the request body');
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function countFiles(files: unknown, field: string): void {
  if (typeof files !== 'object' || files === null || Object.keys(files).length <= MAP_FILES) return;
  fail('invalid_input', { message: `${field}: has more than ${MAP_FILES} files: send a zip`, field });
}

const PACK = jobOf(import.meta.url, packFiles);

/**
 * @returns null where the request brings no code
 * @throws Failure `invalid_input`
 */
export async function readCode(
  threads: Threads,
  accountId: string,
  { code, upload }: GivenCode,
  start: Start,
): Promise<UploadedCode | null> {
  if (upload !== null) {
    if (code !== undefined)
      fail('invalid_input', { message: 'code: is there twice: beside the file', field: 'code' });
    return { zip: upload.content, filename: upload.filename };
  }
  if (code === undefined) return null;
  if (code.zip !== undefined) return { zip: Buffer.from(code.zip, 'base64'), filename: FILENAME };
  const files = code.files ?? { [inlineFile(start)]: code.inline ?? '' };
  checkPaths(Object.keys(files));
  const zip = isSmall(files) ? await packFiles(files) : await threads.run(PACK, accountId, files);
  return { zip: Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength), filename: FILENAME };
}

/** Runs in a thread where it is much. */
export async function packFiles(files: Record<string, CodeFile>): Promise<Uint8Array> {
  const packed = Object.entries(files).map(
    ([name, file]): PackedFile => ({
      name,
      content: contentOf(file),
      executable: typeof file === 'object' && file.executable === true,
    }),
  );
  return await packZip(packed);
}

function contentOf(file: CodeFile): Buffer {
  if (typeof file === 'string') return Buffer.from(file);
  return 'text' in file ? Buffer.from(file.text) : Buffer.from(file.base64, 'base64');
}

function charactersOf(file: CodeFile): number {
  if (typeof file === 'string') return file.length;
  return 'text' in file ? file.text.length : file.base64.length;
}

function isSmall(files: Record<string, CodeFile>): boolean {
  const contents = Object.values(files);
  if (contents.length > FEW_FILES) return false;
  return contents.reduce((sum, file) => sum + charactersOf(file), 0) <= SMALL_CHARACTERS;
}

/** Of the languages whose code may be one text. */
const INLINE_FILE: Partial<Record<Language, (module: string) => string>> = {
  node: (module) => `${module}.js`,
  python: (module) => `${module.replaceAll('.', '/')}.py`,
};

/** The file that the handler is looked for in. @throws Failure `invalid_input` where one text is no code */
function inlineFile({ handler, runtime, convention }: Start): string {
  if (convention === 'body') return handler;
  const found = findRuntime(runtime);
  const language = found === null || found === 'other_language' ? null : found.language;
  const module = handler.slice(0, Math.max(0, handler.lastIndexOf('.')));
  const fileOf = language === null ? undefined : INLINE_FILE[language];
  if (fileOf !== undefined) return fileOf(module);
  return fail('invalid_input', {
    message: 'code.inline: is for JavaScript and Python; send a zip, or files',
    field: 'code.inline',
  });
}

function checkPaths(paths: readonly string[]): void {
  if (paths.length === 0)
    fail('invalid_input', { message: 'code.files: must have at least one file', field: 'code.files' });
  for (const path of paths) {
    const problem = pathProblem(path);
    if (problem === null) continue;
    const shown = JSON.stringify(path.slice(0, 100));
    fail('invalid_input', { message: `code.files: ${shown} ${problem}`, field: 'code.files' });
  }
}

/** The rules of zips, in the words of a map. */
function pathProblem(path: string): string | null {
  if (path.length > PATH_CHARACTERS) return `must have at most ${PATH_CHARACTERS} characters`;
  if (!isStorableText(path) || path.includes('\\'))
    return 'must not contain NUL, broken characters or a backslash';
  const isPlain = !/^[A-Za-z]:/.test(path) && path.split('/').every((one) => !['', '.', '..'].includes(one));
  return isPlain ? null : 'must be a path within the code, such as lib/greet.js';
}
