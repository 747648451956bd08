// `millrace open`: the console's page of a function, a run or nothing in particular, in the browser; where
// there is none, its address is printed.
import { browse } from '../frame/browse.ts';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { findRun } from '../frame/find-run.ts';

export const command = defineCommand({
  about: 'Opens the console, or its page of a function or a run',
  example: 'millrace open --function hello',
  options: {
    function: { type: 'string', about: 'its name, or its id' },
    run: { type: 'string', about: 'its id, the end of it, or `last`' },
    print: { type: 'boolean', about: 'prints the address, and opens nothing' },
  },
  async run({ options, client, terminal }) {
    const api = await client();
    const { account_id, mode, console_url } = await api.get('/caller');
    const url = `${console_url}/${account_id}/${mode}${await pageOf()}`;
    const opens = options.print !== true && terminal.isInteractive && browse(url);
    return { data: { url, opened: opens }, text: url };

    async function pageOf(): Promise<string> {
      if (options.run !== undefined) return `/runs/${(await findRun(api, options.run)).id}`;
      if (options.function === undefined) return '/';
      return `/functions/${(await findFunction(api, options.function)).id}`;
    }
  },
});
