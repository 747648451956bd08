// `millrace import sam` and `millrace import serverless`: a project for each function of a template, beside
// the code, and a list of what isn't taken over. Deploys nothing.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../cli-error.ts';
import { readFileText } from '../frame/ask-person.ts';
import { type Command, defineCommand } from '../frame/command.ts';
import { PROJECT_FILE } from '../project/project.ts';
import type { ReadTemplate, TemplateFunction } from '../project/read-template.ts';

type Kind = { of: string; file: string; read(text: string): ReadTemplate };

const USUAL_FOLDER = 'millrace';

export function importTemplate(word: string, { of, file: usual, read }: Kind): Command {
  return defineCommand({
    about: `Makes a project of each function in ${of}, and says what isn’t taken over`,
    example: `millrace import ${word} ${usual}`,
    operands: [{ name: 'template', about: 'the file' }],
    options: {
      to: { type: 'string', value: 'folder', about: `that gets them; ${USUAL_FOLDER} if it is left out` },
    },
    async run({ operands: { template = '' }, options }) {
      const { functions, left } = read(readFileText(template));
      const base = path.dirname(path.resolve(template));
      const into = path.resolve(options.to ?? path.join(base, USUAL_FOLDER));
      const folders = functions.map((one) => path.join(into, folderName(one.name)));
      const taken = folders.find((folder, at) => existsSync(folder) || folders.indexOf(folder) !== at);
      if (taken !== undefined) {
        throw new CliError('exists', `${taken} is there already: nothing was made`, {
          next: `millrace import ${word} ${template} --to <folder>`,
        });
      }
      for (const [at, one] of functions.entries()) save(folders[at] ?? into, one, base);
      const data = { projects: functions.map(({ name }, at) => ({ name, folder: folders[at] })), left };
      const text = [
        ...data.projects.map(
          ({ name, folder }) => `${name}: millrace deploy ${path.relative('.', folder ?? '')}`,
        ),
        ...(left.length === 0 ? [] : ['', 'Not taken over:']),
        ...left.map(
          ({ function: name, member, why }) => `  ${name === null ? '' : `${name}: `}${member}: ${why}`,
        ),
      ];
      return { data, text: text.join('\n') };
    },
  });
}

function save(folder: string, one: TemplateFunction, base: string): void {
  const { name, code, handler, runtime, timeoutMs, memoryMb, variables, secrets, triggers } = one;
  const place = path.relative(folder, path.resolve(base, code)).split(path.sep).join('/');
  const project = {
    ...{ name, ...(code.endsWith('.zip') ? { zip: place } : { root: place }) },
    ...(handler !== null && { handler }),
    ...(runtime !== null && { runtime }),
    ...(timeoutMs !== null && { timeout_ms: timeoutMs }),
    ...(memoryMb !== null && { memory_mb: memoryMb }),
    ...{ variables, secrets, triggers },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, PROJECT_FILE), `${JSON.stringify(project, null, 2)}\n`);
}

function folderName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^\.+/, '') || 'function';
}
