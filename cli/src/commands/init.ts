// `millrace init`: makes a small project in a folder. Overwrites nothing.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import type { Terminal } from '../frame/terminal.ts';
import { TEMPLATES } from '../project/project-templates.ts';

const NAMES = Object.keys(TEMPLATES);
const USUAL = 'handler-node';

export const command = defineCommand({
  about: 'Makes a small project, with a test and a fixture',
  example: 'millrace init hello --template python',
  operands: [{ name: 'folder', about: 'is made; this one if it is left out', optional: true }],
  options: {
    template: { type: 'string', short: 't', about: NAMES.join(', ') },
    name: { type: 'string', about: 'of the function; the folder’s if it is left out' },
  },
  async run({ operands, options, terminal }) {
    const folder = path.resolve(operands.folder ?? '.');
    const template = options.template ?? (await choose(terminal));
    const found = Object.hasOwn(TEMPLATES, template) ? TEMPLATES[template] : undefined;
    if (found === undefined) {
      throw new CliError('usage', `there is no template "${template}"; there are ${NAMES.join(', ')}`, {
        next: `millrace init --template ${USUAL}`,
      });
    }
    const name = options.name ?? path.basename(folder);
    const inJson = JSON.stringify(name).slice(1, -1);
    const files = Object.entries(found.files).map(([place, text]) => ({
      place: place.replace('*', '').replaceAll('NAME', () => name),
      // It stands in files of JSON alone.
      text: text.replaceAll('NAME', () => inJson),
      mode: place.endsWith('*') ? 0o755 : 0o644,
    }));
    const outside = files.find(
      ({ place }) => !path.resolve(folder, place).startsWith(path.join(folder, path.sep)),
    );
    if (outside !== undefined) throw new CliError('bad_path', `${outside.place} leads out of the folder`);
    const taken = files.find(({ place }) => existsSync(path.join(folder, place)));
    if (taken !== undefined) {
      throw new CliError('exists', `${taken.place} is there already`, {
        next: 'millrace init <another folder>',
      });
    }
    for (const { place, text, mode } of files) {
      mkdirSync(path.dirname(path.join(folder, place)), { recursive: true });
      writeFileSync(path.join(folder, place), text, { mode, flag: 'wx' });
    }
    const into = operands.folder === undefined ? '' : `cd ${operands.folder} && `;
    const next = template === 'hubspot' ? `${into}millrace import hubspot .` : `${into}millrace deploy`;
    const data = { folder, name, template, files: files.map(({ place }) => place), next };
    return { data, text: `${files.map(({ place }) => `  ${place}`).join('\n')}\nNext: ${next}` };
  },
});

async function choose(terminal: Terminal): Promise<string> {
  if (!terminal.isInteractive) return USUAL;
  const { select, isCancel } = await import('@clack/prompts');
  const options = NAMES.map((value) => ({ value, label: `${value}: ${TEMPLATES[value]?.about}` }));
  const chosen = await select({ message: 'Template', options, initialValue: USUAL });
  if (isCancel(chosen)) throw new CliError('cancelled', 'nothing was done');
  return chosen;
}
