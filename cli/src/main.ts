#!/usr/bin/env node
// The command `millrace`: reads what is wanted, hands it to the command's file, and ends with 0, 1 (yours to
// mend) or 2 (ours).
import { parseArgs } from 'node:util';
import { CliError } from './cli-error.ts';
import { importHubspot } from './import-hubspot.ts';
import { SERVERS, type Server } from './show-report.ts';

const USAGE = `millrace import-hubspot <folder>   moves in a fetched theme or a folder of HubSpot's serverless functions

  --server <address>   of Millrace; or MILLRACE_PUBLIC_URL; http://localhost:8700 by default
  --token <token>      or MILLRACE_TOKEN: one that may update functions
  --dest <folder>      where to put it: by default the folder's own name, where "hs cms upload" puts it, too; / is the root
  --dry-run            only says what it would do
  --snippet <server>   only prints what nginx, caddy or cloudflare needs in front of your site
  --json               the whole report as JSON`;

async function run(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args);
  const [command, folder, ...more] = positionals;
  if (values.help === true || command === undefined) {
    console.log(USAGE);
    return;
  }
  if (command !== 'import-hubspot')
    throw new CliError('unknown_command', `there is no command ${command}\n\n${USAGE}`);
  if (folder === undefined || more.length > 0)
    throw new CliError('usage', `one folder is needed\n\n${USAGE}`);
  const token = values.token ?? process.env.MILLRACE_TOKEN ?? '';
  if (token === '') throw new CliError('no_token', 'a token is needed: --token, or MILLRACE_TOKEN');
  const snippet = readServer(values.snippet);
  await importHubspot({
    folder,
    server: values.server ?? process.env.MILLRACE_PUBLIC_URL ?? 'http://localhost:8700',
    token,
    dest: values.dest ?? '',
    isDryRun: values['dry-run'] === true || snippet !== null,
    snippet,
    asJson: values.json === true,
  });
}

function readServer(given: string | undefined): Server | null {
  if (given === undefined) return null;
  const server = SERVERS.find((one) => one === given);
  if (server === undefined) throw new CliError('usage', `--snippet: one of ${SERVERS.join(', ')}`);
  return server;
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        server: { type: 'string' },
        token: { type: 'string' },
        dest: { type: 'string' },
        'dry-run': { type: 'boolean' },
        snippet: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new CliError('usage', `${(error as Error).message}\n\n${USAGE}`);
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof CliError)) throw error;
  console.error(`millrace: ${error.code}: ${error.message}`);
  process.exitCode = error.exitStatus;
});
