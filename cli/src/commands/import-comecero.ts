// `millrace import comecero`: makes a hosted function of a zip, by Comecero's own form.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { ask } from '../ask-millrace.ts';
import { CliError } from '../cli-error.ts';
import { readFileText } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';

type Made = { hosted_function_id: string; name: string; invoke_url: string };

export const command = defineCommand({
  about: 'Makes a hosted function of a zip, as Comecero has them',
  example: 'millrace import comecero orders.zip --handler index.handler --runtime nodejs22.x',
  operands: [{ name: 'zip', about: 'the file' }],
  options: {
    handler: { type: 'string', about: 'index.handler if it is left out' },
    runtime: { type: 'string', about: 'nodejs24.x if it is left out' },
    name: { type: 'string', about: 'of the function; the file’s if it is left out' },
    variables: { type: 'string', value: 'file', about: 'with lines NAME=value' },
  },
  async run({ operands: { zip: file = '' }, options, access }) {
    const { url: server, token } = await access();
    const { handler = 'index.handler', runtime = 'nodejs24.x', variables } = options;
    const form = new FormData();
    form.append('name', options.name ?? path.basename(file).replace(/\.zip$/i, ''));
    form.append('handler', handler);
    form.append('environment', runtime);
    const values = variables === undefined ? {} : parseEnv(readFileText(variables));
    form.append('environment_variables', JSON.stringify(values));
    form.append('file', new Blob([new Uint8Array(readZip(file))]), path.basename(file));
    const data = await ask<Made>(
      { server, token },
      { method: 'POST', path: '/api/v1/hosted_functions', query: {}, form },
    );
    return { data, text: `${data.name} (${data.hosted_function_id}) answers at ${data.invoke_url}` };
  },
});

/** @throws CliError `no_file` */
export function readZip(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CliError('no_file', `${file} can't be read: ${(error as Error).message}`);
  }
}
