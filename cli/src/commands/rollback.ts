// `millrace rollback`: ends a canary; without one, makes the version live again that was so before, or
// another that is named.
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { FUNCTION } from './functions.ts';

export const command = defineCommand({
  about: 'Ends a canary, or goes back to the version before, or to one that is named',
  example: 'millrace rollback hello --to 3',
  operands: [FUNCTION],
  options: { to: { type: 'string', value: 'version', about: 'number of the version' } },
  async run({ operands, options: { to }, client }) {
    const api = await client();
    const { id, name, version, canary } = await findFunction(api, operands.function ?? '');
    const data =
      to === undefined
        ? await api.post('/functions/{id}/rollback', { params: { path: { id } } })
        : await api.post('/functions/{id}/versions/{number}/activate', {
            params: { path: { id, number: to } },
          });
    const answer = { ...data, before: version };
    if (to === undefined && canary !== null) {
      const text = `The canary, version ${canary.version}, is over: version ${data.version} of ${name} gets all runs.`;
      return { data: answer, text };
    }
    const back = `Back: millrace rollback ${name} --to ${version}`;
    return { data: answer, text: `Version ${data.version} of ${name} is live; it was ${version}. ${back}` };
  },
});
