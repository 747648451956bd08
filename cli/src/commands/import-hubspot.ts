// `millrace import hubspot`, and `millrace import-hubspot` as it was called first: moves in a fetched theme
// or a folder of serverless functions. Takes its token among the arguments, too, as its guide has it.
import { CliError } from '../cli-error.ts';
import { findAccess } from '../frame/access.ts';
import { defineCommand } from '../frame/command.ts';
import { importHubspot } from '../import-hubspot.ts';
import { SERVERS, type Server } from '../show-report.ts';

export const command = defineCommand({
  about: 'Moves in a fetched theme or a folder of HubSpot’s serverless functions',
  example: 'millrace import-hubspot my-theme --dry-run',
  operands: [{ name: 'folder', about: 'as HubSpot’s CLI fetched it' }],
  options: {
    server: { type: 'string', value: 'address', about: 'of Millrace; the profile’s if it is left out' },
    token: { type: 'string', about: 'that may update functions; the profile’s if it is left out' },
    dest: { type: 'string', value: 'folder', about: 'where to put it: the folder’s own name; / is the root' },
    'dry-run': { type: 'boolean', about: 'only says what it would do' },
    snippet: { type: 'string', value: 'server', about: `only prints what ${SERVERS.join(', ')} needs` },
  },
  async run({ operands, options, terminal }) {
    const given = options as Record<string, string | undefined>;
    const snippet = readServer(given.snippet);
    const { server, token } = accessOf(given);
    await importHubspot({
      ...{ folder: operands.folder ?? '', server, token, dest: given.dest ?? '', snippet },
      isDryRun: options['dry-run'] === true || snippet !== null,
      asJson: terminal.asJson,
    });
    return undefined;
  },
});

function accessOf(given: Record<string, string | undefined>): { server: string; token: string } {
  const server = given.server ?? given.url;
  const { MILLRACE_TOKEN = '', MILLRACE_PUBLIC_URL: usual, MILLRACE_URL = usual } = process.env;
  const token = given.token ?? MILLRACE_TOKEN;
  if (token !== '') return { server: server ?? MILLRACE_URL ?? 'http://localhost:8700', token };
  try {
    const access = findAccess({ profile: given.profile, url: server }, process.env);
    return { server: access.url, token: access.token };
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'not_signed_in') throw error;
    throw new CliError('no_token', 'a token is needed: --token, or MILLRACE_TOKEN', {
      next: 'millrace login',
    });
  }
}

function readServer(given: string | undefined): Server | null {
  if (given === undefined) return null;
  const server = SERVERS.find((one) => one === given);
  if (server === undefined) throw new CliError('usage', `--snippet: one of ${SERVERS.join(', ')}`);
  return server;
}
