// The program that a person starts: `main.ts start` (what `npm start` runs), `doctor`, `token`, and the
// three that work on copies. Most
// often root's: it loads what it needs to start the others, and parses nothing that comes from outside but
// the settings. The only place of the launcher that exits.

import type { CopyOrder } from '../contract/copy-order.ts';
import { keepCompiled } from '../process/compile-cache.ts';
import { runProgram } from '../process/run-program.ts';
import { runUntilStopped } from '../process/run-until-stopped.ts';
import { type Secrets, takeSecrets } from '../process/secret-settings.ts';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';
import { readConfig } from '../server/src/config/read-config.ts';
import { launch } from './launch.ts';
import { makeToken } from './make-token.ts';
import { orderBackup, orderRestore, orderTrial } from './order-copy.ts';

type Role = (config: Config, secrets: Secrets, args: readonly string[]) => Promise<void>;

const ROLES: Record<string, Role> = {
  start: (config, secrets) => launch(config, secrets, serveHere),
  doctor: async (config) => (await import('../doctor/doctor.ts')).doctor(config),
  token: (config, secrets) =>
    makeToken(config, secrets, async (making) =>
      (await import('../server/src/roles/issue-token.ts')).issueToken(config, making),
    ),
  backup: (config, secrets, args) => orderBackup(carryOutHere)(config, args, secrets),
  'verify-backup': (config, secrets, args) => orderTrial('verify', carryOutHere)(config, args, secrets),
  'check-upgrade': (config, secrets, args) =>
    orderTrial('upgrade-check', carryOutHere)(config, args, secrets),
  restore: (config, secrets, args) => orderRestore(carryOutHere)(config, args, secrets),
};

/**
 * Without walls and root there is nothing to keep apart: this process becomes the server, and only then loads
 * it.
 */
function serveHere(config: Config): Promise<void> {
  return runUntilStopped(async (stopping) =>
    (await import('../server/src/roles/serve.ts')).serve(config, stopping),
  );
}

async function carryOutHere(config: Config, order: CopyOrder): Promise<void> {
  await (await import('../server/src/roles/carry-out-copy.ts')).carryOutCopy(config, order);
}

/** A person types these, and may believe that an option counts. */
const TAKES_NO_ARGUMENTS = ['doctor', 'token'];

keepCompiled();
const [name = 'start', ...rest] = process.argv.slice(2);
const secrets = takeSecrets(process.env);
const status = await runProgram(async () => {
  const role = ROLES[name];
  if (role === undefined) throw new StartError(`usage: main.ts ${Object.keys(ROLES).join(' | ')}`);
  if (rest.length > 0 && TAKES_NO_ARGUMENTS.includes(name)) {
    throw new StartError(`${name} takes no arguments, and was given ${rest.join(' ')}`);
  }
  await role(readConfig(secrets), secrets, rest);
}, 1);
process.exit(status);
