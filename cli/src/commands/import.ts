// `millrace import`: makes functions, or projects of functions, of what people have elsewhere.
import path from 'node:path';
import { defineCommand } from '../frame/command.ts';
import { readSamTemplate, readServerlessFile } from '../project/read-template.ts';
import { uploadForm } from '../project/upload-code.ts';
import { command as comecero, readZip } from './import-comecero.ts';
import { command as hubspot } from './import-hubspot.ts';
import { command as revcent } from './import-revcent.ts';
import { importTemplate } from './import-template.ts';

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

const sam = importTemplate('sam', {
  of: 'a template of AWS SAM',
  file: 'template.yaml',
  read: readSamTemplate,
});
const serverless = importTemplate('serverless', {
  of: 'a serverless.yml',
  file: 'serverless.yml',
  read: readServerlessFile,
});

export const verbs = { revcent, hubspot, comecero, lambda, sam, serverless };
