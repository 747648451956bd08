// `millrace canary`: a version that gets a part of its function's runs. What follows is `promote` or
// `rollback`.
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { showFields } from '../frame/show-table.ts';
import { FUNCTION } from './functions.ts';

const show = defineCommand({
  about: 'Which version gets a part of the runs, and how many percent',
  example: 'millrace canary show hello',
  operands: [FUNCTION],
  async run({ operands, client, terminal }) {
    const { name, version, canary } = await findFunction(await client(), operands.function ?? '');
    if (canary === null) {
      return { data: { version, canary }, text: `${name} has none: version ${version} gets all runs.` };
    }
    const fields = { active: version, canary: canary.version, percent: canary.percent };
    const header = { 'by header': canary.sticky_header };
    return { data: { version, canary }, text: showFields(terminal, { ...fields, ...header }) };
  },
});

const set = defineCommand({
  about: 'Gives a part of the runs to a version that is there already',
  example: 'millrace canary set hello 4 --percent 25',
  operands: [FUNCTION, { name: 'version', about: 'its number' }],
  options: {
    percent: { type: 'string', about: 'of the runs; 10 if it is left out' },
    header: { type: 'string', about: 'of requests: those with the same value get the same version' },
  },
  async run({ operands, options, client }) {
    const api = await client();
    const { id, name } = await findFunction(api, operands.function ?? '');
    const body = {
      version: numberOf('version', operands.version ?? ''),
      percent: numberOf('--percent', options.percent ?? '10'),
      sticky_header: options.header ?? null,
    };
    const data = await api.put('/functions/{id}/canary', { params: { path: { id } }, body });
    const next = `Next: millrace promote ${name}, or millrace rollback ${name}`;
    return { data, text: `Version ${data.version} gets ${data.percent} % of the runs.\n${next}` };
  },
});

const end = defineCommand({
  about: 'Gives all runs to the live version again',
  example: 'millrace canary end hello',
  operands: [FUNCTION],
  async run({ operands, client }) {
    const api = await client();
    const { id, name, version } = await findFunction(api, operands.function ?? '');
    await api.delete('/functions/{id}/canary', { params: { path: { id } } });
    return {
      data: { function_id: id, version, canary: null },
      text: `Version ${version} of ${name} gets all.`,
    };
  },
});

/** @throws CliError `usage` */
function numberOf(name: string, given: string): number {
  const number = Number(given);
  if (given !== '' && Number.isFinite(number)) return number;
  throw new CliError('usage', `${name}: ${given} is no number`);
}

export const verbs = { show, set, end };
