// `millrace export`: saves the code of a function as a project, or as the one file that others take.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Schemas } from '@millrace/client';
import { download } from '../ask-millrace.ts';
import { CliError } from '../cli-error.ts';
import type { Access } from '../frame/access.ts';
import { type Answer, defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { readVariables } from '../frame/function-variables.ts';
import { PROJECT_FILE } from '../project/project.ts';
import { FUNCTION } from './functions.ts';

export const command = defineCommand({
  about: 'Saves the code of a function as a project',
  example: 'millrace export hello --to hello-copy',
  operands: [FUNCTION],
  options: {
    to: {
      type: 'string',
      value: 'folder',
      about: 'or file, that is made; the function’s name if it is left out',
    },
    version: { type: 'string', value: 'number', about: 'the live one if it is left out' },
    as: {
      type: 'string',
      value: 'format',
      about: 'revcent: its export file; zip: as Comecero and Lambda take it',
    },
  },
  async run({ operands, options, access, client }) {
    const api = await client();
    const fn = await findFunction(api, operands.function ?? '');
    if (options.as !== undefined) return await exportFile(await access(), fn, options);
    if (options.to === undefined && path.basename(fn.name) !== fn.name) {
      throw new CliError('bad_path', `"${fn.name}" is no name of a folder`, {
        next: 'name one: --to <folder>',
      });
    }
    const folder = path.resolve(options.to ?? fn.name);
    if (existsSync(folder)) {
      throw new CliError('exists', `${folder} is there already`, {
        next: `millrace export ${fn.name} --to ...`,
      });
    }
    const number = options.version ?? String(fn.version);
    const params = { path: { id: fn.id, number } };
    const [{ files }, version] = await Promise.all([
      api.get('/functions/{id}/versions/{number}/code', { params }),
      api.get('/functions/{id}/versions/{number}', { params }),
    ]);
    for (const [name, file] of Object.entries(files)) save(folder, name, file);
    const variables = Object.entries(await readVariables(api, fn.id));
    const project = {
      ...{
        name: fn.name,
        runtime: version.runtime,
        handler: version.handler,
        convention: version.convention,
      },
      ...(Object.keys(version.dependencies).length > 0 && { dependencies: version.dependencies }),
      ...{ timeout_ms: fn.timeout_ms, memory_mb: fn.memory_mb },
      variables: Object.fromEntries(
        variables.flatMap(([name, { value }]) => (value === null ? [] : [[name, value]])),
      ),
      secrets: variables.filter(([, { secret }]) => secret).map(([name]) => name),
    };
    const file = path.join(folder, PROJECT_FILE);
    if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(project, null, 2)}\n`);
    const names = Object.keys(files);
    const data = { folder, version: version.number, files: names };
    return { data, text: `Version ${version.number} of ${fn.name}: ${names.length} files in ${folder}` };
  },
});

type Wanted = { as?: string; to?: string; version?: string };

/** One file, as others take it. @throws CliError `usage` `exists` */
async function exportFile(
  access: Access,
  fn: Schemas['Function'],
  { as, to, version }: Wanted,
): Promise<Answer> {
  const number = version ?? String(fn.version);
  const formats = {
    revcent: { ending: 'json', place: `/v2/functions/${fn.id}/export`, accept: 'application/json' },
    zip: {
      ...{ ending: 'zip', accept: 'application/zip' },
      place: `/millrace/v1/functions/${fn.id}/versions/${number}/code`,
    },
  };
  const format = formats[as as keyof typeof formats];
  if (format === undefined) throw new CliError('usage', `--as: one of ${Object.keys(formats).join(', ')}`);
  const file = path.resolve(to ?? `${fn.name.replaceAll(/[^\w.-]+/g, '-')}.${format.ending}`);
  if (existsSync(file)) throw new CliError('exists', `${file} is there already`, { next: 'add --to <file>' });
  const answer = await download({ server: access.url, token: access.token }, format);
  const content = as === 'revcent' ? importFileOf(answer) : answer;
  writeFileSync(file, content);
  return { data: { file, bytes: content.length }, text: `${fn.name}: ${content.length} bytes in ${file}` };
}

/** The file stands in the envelope of its API. */
function importFileOf(answer: Buffer): Buffer {
  const { import_file } = JSON.parse(answer.toString()) as { import_file: unknown };
  return Buffer.from(`${JSON.stringify(import_file, null, 2)}\n`);
}

type File = string | { text: string; executable?: boolean } | { base64: string; executable?: boolean };

/** @throws CliError `bad_path` */
function save(folder: string, name: string, file: File): void {
  const place = path.resolve(folder, name);
  // What a server says is no reason to write anywhere else.
  if (!place.startsWith(`${folder}${path.sep}`))
    throw new CliError('bad_path', `${name} leads out of the folder`);
  mkdirSync(path.dirname(place), { recursive: true });
  const content =
    typeof file === 'string' ? file : 'text' in file ? file.text : Buffer.from(file.base64, 'base64');
  const isProgram = typeof file !== 'string' && file.executable === true;
  writeFileSync(place, content, { mode: isProgram ? 0o755 : 0o644 });
}
