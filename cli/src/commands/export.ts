// `millrace export`: saves the code of a function as files, or as the zip that it was deployed by.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { readVariables } from '../frame/function-variables.ts';
import { PROJECT_FILE } from '../project/project.ts';
import { FUNCTION } from './functions.ts';

export const command = defineCommand({
  about: 'Saves the code of a function as a project',
  example: 'millrace export hello --to hello-copy',
  operands: [FUNCTION],
  options: {
    to: { type: 'string', value: 'folder', about: 'that is made; the function’s name if it is left out' },
    version: { type: 'string', value: 'number', about: 'the live one if it is left out' },
  },
  async run({ operands, options, client }) {
    const api = await client();
    const fn = await findFunction(api, operands.function ?? '');
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
