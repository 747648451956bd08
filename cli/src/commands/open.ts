// `millrace open`: the console's page of a function, a run or nothing in particular, in the browser; where
// there is none, its address is printed.
import { spawn } from 'node:child_process';
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
  async run({ options, access, client, terminal }) {
    const { url: server, token } = await access();
    const api = await client();
    const { account_id } = await api.get('/account/limits');
    const mode = token.includes('.test.') ? 'test' : 'live';
    const url = `${consoleOf(server)}/${account_id}/${mode}${await pageOf()}`;
    const opens = options.print !== true && terminal.isInteractive && browse(url);
    return { data: { url, opened: opens }, text: url };

    async function pageOf(): Promise<string> {
      if (options.run !== undefined) return `/runs/${(await findRun(api, options.run)).id}`;
      if (options.function === undefined) return '/';
      return `/functions/${(await findFunction(api, options.function)).id}`;
    }
  },
});

/** Where people sign in: a host of its own, usually `console.` before that of the API. */
function consoleOf(server: string): string {
  const given = process.env.MILLRACE_CONSOLE_URL ?? '';
  if (given !== '') return given.replace(/\/+$/, '');
  const url = new URL(server);
  url.hostname = `console.${url.hostname}`;
  return url.origin;
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** @returns whether a program for it was started */
function browse(url: string): boolean {
  const [program = 'xdg-open', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
  return child.pid !== undefined;
}
