// `millrace diff`: what two versions of a function differ in.
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import type { Terminal } from '../frame/terminal.ts';
import { FUNCTION } from './functions.ts';

export const command = defineCommand({
  about: 'What two versions differ in; the second one is the live one if it is left out',
  example: 'millrace diff hello 2 3',
  operands: [
    FUNCTION,
    { name: 'older', about: 'number of a version' },
    { name: 'newer', about: 'number of another', optional: true },
  ],
  async run({ operands, client, terminal }) {
    const api = await client();
    const { id, version } = await findFunction(api, operands.function ?? '');
    const path = { id, from: operands.older ?? '', to: operands.newer ?? String(version) };
    const data = await api.get('/functions/{id}/versions/{from}/diff/{to}', { params: { path } });
    const settings = Object.entries(data.settings).map(
      ([name, change]) => `${name}: ${JSON.stringify(change)}`,
    );
    const files = data.files.map(({ path, change, patch, reason }) =>
      patch === null ? `${path}: ${change} (${reason})` : coloured(terminal, patch),
    );
    const text = [...settings, ...files].join('\n');
    return { data, text: text === '' ? 'They are the same.' : text };
  },
});

function coloured({ paint }: Terminal, patch: string): string {
  return patch
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (line.startsWith('+')) return paint('green', line);
      return line.startsWith('-') ? paint('red', line) : line;
    })
    .join('\n');
}
