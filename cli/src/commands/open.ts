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
    const { url: server } = await access();
    const url = `${server}/console${await pageOf()}`;
    const opens = options.print !== true && terminal.isInteractive && browse(url);
    return { data: { url, opened: opens }, text: url };

    async function pageOf(): Promise<string> {
      if (options.run !== undefined) return `/runs/${(await findRun(await client(), options.run)).id}`;
      if (options.function === undefined) return '/';
      return `/functions/${(await findFunction(await client(), options.function)).id}`;
    }
  },
});

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
