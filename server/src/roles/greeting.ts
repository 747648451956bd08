// What a person sees when Millrace has come up: where it is, whose it is, and, the first time, the token.
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { FirstAccount } from '../accounts/first-account.ts';
import type { Config } from '../config/config.ts';
import type { SandboxDriver } from '../sandbox/sandbox-driver.ts';
import { weakerWalls } from './weaker-walls.ts';

export type Greeting = {
  config: Config;
  http: FastifyInstance;
  accountId: string;
  driver: SandboxDriver;
  log: Logger;
};

/** At once when it is made: whatever happens later in the start, nobody could show it again. */
export function showFirstToken(config: Config, { account, token }: FirstAccount): void {
  if (token === null) return;
  const isKnown = config.adminToken !== null;
  const lines = [
    '',
    `  The first account, ${account.id}, and its token:`,
    `  token    ${isKnown ? 'the one in MILLRACE_ADMIN_TOKEN' : token}`,
    ...(isKnown ? [] : ['           shown this once: keep it']),
  ];
  console.log(lines.join('\n'));
}

export async function greet({ config, http, accountId, driver, log }: Greeting): Promise<void> {
  const lines = [
    '',
    `  Millrace is running at ${config.publicUrl}`,
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
function httpsLines({ publicUrl, tlsPort, tlsCert, tlsHandedOver, caFile, dataDir }: Config): string[] {
  if (tlsPort === null) return [];
  const isOurs = tlsCert === null && tlsHandedOver === null;
  return [
    `  HTTPS    https://${new URL(publicUrl).hostname}:${tlsPort}`,
    ...(isOurs ? [`           its authority is in ${caFile ?? path.join(dataDir, 'tls/ca.pem')}`] : []),
  ];
}

/** What its operator must not forget: repeated at every start and in the API. */
export function warningsOf(driver: SandboxDriver, { withoutRoot }: Pick<Config, 'withoutRoot'>): string[] {
  if (driver.name !== 'none') return withoutRoot === null ? [] : weakerWalls(withoutRoot);
  return [
    'MILLRACE_SANDBOX=none: functions run WITHOUT A JAIL, as the user of this server. Trusted code only.',
  ];
}
