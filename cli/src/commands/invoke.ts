// `millrace invoke`: runs a function with data, waits, and shows what it returned and printed.
import type { Schemas } from '@millrace/client';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { readJson } from '../frame/read-json.ts';
import { showRun } from '../frame/show-run.ts';
import { take } from '../frame/take.ts';
import { FUNCTION } from './functions.ts';

export const command = defineCommand({
  about: 'Runs a function, waits for it, and shows what it returns',
  example: `millrace invoke hello --data '{"name": "Ann"}'`,
  operands: [FUNCTION],
  options: {
    data: { type: 'string', short: 'd', value: 'json', about: 'its data: JSON, @file, or @-' },
    'no-wait': { type: 'boolean', about: 'queues the run, and doesn’t wait for it' },
    logs: { type: 'boolean', about: 'what it prints, too' },
  },
  async run({ operands, options, client, terminal }) {
    const api = await client();
    const { id } = await findFunction(api, operands.function ?? '');
    const body = options.data === undefined ? null : await readJson(options.data);
    if (options['no-wait'] === true) {
      const headers = { prefer: 'respond-async' };
      const asked = await api.post('/functions/{id}/runs', { params: { path: { id } }, body, headers });
      const data = asked as unknown as Schemas['Run'];
      return { data, text: `Queued as ${data.id}\nNext: millrace runs show ${data.id}` };
    }
    const called = await api.post('/functions/{id}/runs', { params: { path: { id } }, body });
    const { run, result } = called;
    const query = { limit: 500 };
    const logs =
      options.logs === true
        ? await take(api.list('/runs/{id}/logs', { params: { path: { id: run.id }, query } }), 1000)
        : [];
    for (const { text } of logs) terminal.say(terminal.paint('dim', text));
    const isGood = run.status === 'succeeded';
    return {
      data: { run, result, ...(options.logs === true && { logs }) },
      text: isGood ? JSON.stringify(result, null, 2) : showRun(terminal, run),
      exitStatus: isGood ? 0 : 1,
    };
  },
});
