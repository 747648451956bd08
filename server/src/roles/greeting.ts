// What a person sees when Millrace comes up: where it is, whose it is, and what has become of the token that
// was chosen for it.
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { FirstAccount } from '../accounts/first-account.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../postgres/database.ts';
import type { SandboxDriver } from '../sandbox/sandbox-driver.ts';
import { hashToken } from '../tokens/token-format.ts';
import { findTokenByHash } from '../tokens/token-store.ts';
import { consoleLines } from './show-console.ts';
import { weakerWalls } from './weaker-walls.ts';

export type Greeting = {
  config: Config;
  http: FastifyInstance;
  accountId: string;
  database: Database;
  driver: SandboxDriver;
  log: Logger;
};

/** What has become of the tokens of the settings, where they are set: they count at the first start alone. */
export async function showFirstTokens(
  { adminToken, operatorToken }: Config,
  first: FirstAccount,
  parts: { database: Database; log: Logger },
): Promise<void> {
  if (adminToken !== null) {
    await showFirstToken(
      { name: 'MILLRACE_ADMIN_TOKEN', token: adminToken, what: 'The token' },
      first,
      parts,
    );
  }
  if (operatorToken !== null) {
    const what = "The operator's token";
    await showFirstToken({ name: 'MILLRACE_OPERATOR_TOKEN', token: operatorToken, what }, first, parts);
  }
}

type FirstToken = { name: string; token: string; what: string };

async function showFirstToken(
  { name, token, what }: FirstToken,
  { account, token: made }: FirstAccount,
  { database, log }: { database: Database; log: Logger },
): Promise<void> {
  if (made !== null) console.log(`\n  ${what} of the first account, ${account.id}, is the one in ${name}.`);
  else if ((await findTokenByHash(database, hashToken(token))) === null) log.warn(ignored(name));
}

const ignored = (name: string): string =>
  `${name} is ignored: it counts at the first start alone, and this database has its account already, with ` +
  'other tokens. `npm run token` makes a new one';

export async function greet({ config, http, accountId, database, driver, log }: Greeting): Promise<void> {
  const lines = [
    '',
    `  Millrace is running at ${config.publicUrl}`,
    ...(await consoleLines(config, database)),
    ...httpsLines(config),
    `  account  ${accountId}`,
    '  stop     Ctrl-C',
    '',
  ];
  console.log(lines.join('\n'));
  log.info({ addresses: http.addresses(), sandbox: driver.name }, 'ready');
  for (const warning of warningsOf(driver, config)) log.warn(warning);
}

/** HTTPS, and what its clients have to trust where the certificate is our own. */
function httpsLines({ publicUrl, tlsPort, tlsCert, tlsHandedOver, operatorDataDir }: Config): string[] {
  if (tlsPort === null) return [];
  const isOurs = tlsCert === null && tlsHandedOver === null;
  return [
    `  HTTPS    https://${new URL(publicUrl).hostname}:${tlsPort}`,
    ...(isOurs ? [`           its authority is in ${path.join(operatorDataDir, 'tls/ca.pem')}`] : []),
  ];
}

/** What its operator must not forget: repeated at every start and in the API. */
export function warningsOf(driver: SandboxDriver, { withoutRoot }: Pick<Config, 'withoutRoot'>): string[] {
  if (driver.name !== 'none') return withoutRoot === null ? [] : weakerWalls(withoutRoot);
  return [
    'MILLRACE_SANDBOX=none: functions run WITHOUT A JAIL, as the user of this server. Trusted code only.',
  ];
}
