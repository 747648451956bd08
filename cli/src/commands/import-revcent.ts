// `millrace import revcent`: makes a function of an export file of RevCent's.
import { ask } from '../ask-millrace.ts';
import { readFileText } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';

type Imported = {
  id: string;
  name: string;
  enabled: boolean;
  function_url?: string | null;
  webhook_url?: string | null;
  warnings?: { message: string }[];
};

export const command = defineCommand({
  about: 'Makes a function of an export file of RevCent’s',
  example: 'millrace import revcent points.json --enable',
  operands: [{ name: 'file', about: 'as RevCent exports a function' }],
  options: { enable: { type: 'boolean', about: 'lets it run at once; it is disabled otherwise' } },
  async run({ operands: { file = '' }, options, access }) {
    const { url: server, token } = await access();
    const json = readFileText(file);
    const send = (path: string, body: string) =>
      ask<Imported>({ server, token }, { method: 'POST', path, query: {}, json: body });
    const made = await send('/v2/functions/import', json);
    const enable = JSON.stringify({ enabled: true });
    const live = options.enable === true ? await send(`/v2/functions/${made.id}`, enable) : made;
    const data = { ...made, enabled: live.enabled };
    const address = made.function_url ?? made.webhook_url ?? null;
    const lines = [
      `${made.name} (${made.id})${address === null ? '' : ` at ${address}`}`,
      ...(made.warnings ?? []).map(({ message }) => `  careful: ${message}`),
      data.enabled ? `Next: millrace logs -f --function ${made.id}` : 'It is disabled: add --enable',
    ];
    return { data, text: lines.join('\n') };
  },
});
