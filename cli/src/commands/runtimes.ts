// `millrace runtimes`: what functions can be written for, and what runs each here.
import type { Schemas } from '@millrace/client';
import { defineCommand } from '../frame/command.ts';
import { showTable } from '../frame/show-table.ts';

type Runtime = Schemas['Runtimes']['data'][number];

const COLUMNS = {
  RUNTIME: ({ code }: Runtime) => code,
  RUNS: ({ language, version }: Runtime) => (version === null ? language : `${language} ${version}`),
  NOTE: ({ problem, substituted }: Runtime) => problem ?? (substituted ? 'the oldest that fits' : ''),
};

const list = defineCommand({
  about: 'Runtimes, with what runs each here',
  example: 'millrace runtimes list',
  async run({ client, terminal }) {
    const data = await (await client()).get('/runtimes');
    return { data, text: showTable(terminal, data.data, COLUMNS, 'None.') };
  },
});

export const verbs = { list };
