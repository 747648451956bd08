// `millrace import`: makes functions of what people have elsewhere: a HubSpot folder, or a zip of Lambda's.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { uploadForm } from '../project/upload-code.ts';
import { command as hubspot } from './import-hubspot.ts';

const lambda = defineCommand({
  about: 'Makes a function of a zip as it is uploaded to Lambda',
  example: 'millrace import lambda function.zip --handler index.handler --runtime nodejs22.x',
  operands: [{ name: 'zip', about: 'the file' }],
  options: {
    handler: { type: 'string', about: 'as Lambda has it' },
    runtime: { type: 'string', about: 'as Lambda has it, e.g. python3.11' },
    name: { type: 'string', about: 'of the function; the file’s if it is left out' },
  },
  async run({ operands: { zip: file = '' }, options, client }) {
    const api = await client();
    const { handler = 'index.handler', runtime = 'nodejs24.x' } = options;
    const name = options.name ?? path.basename(file).replace(/\.zip$/i, '');
    const body = uploadForm({ name, handler, runtime }, readZip(file));
    const data = await api.post('/functions', { body });
    return { data, text: `${data.name} (${data.id}) is live.\nNext: millrace invoke ${data.name}` };
  },
});

function readZip(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CliError('no_file', `${file} can't be read: ${(error as Error).message}`);
  }
}

export const verbs = { lambda, hubspot };
