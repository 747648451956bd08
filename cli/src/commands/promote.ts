// `millrace promote`: makes the canary of a function the live version.
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { FUNCTION } from './functions.ts';

export const command = defineCommand({
  about: 'Makes the canary of a function the live version: it gets all runs',
  example: 'millrace promote hello',
  operands: [FUNCTION],
  async run({ operands, client }) {
    const api = await client();
    const { id, name, version } = await findFunction(api, operands.function ?? '');
    const data = await api.post('/functions/{id}/canary/promote', { params: { path: { id } } });
    const text = `Version ${data.version} of ${name} is live; it was ${version}. Back: millrace rollback ${name}`;
    return { data: { ...data, before: version }, text };
  },
});
