// The server's process: `main.ts serve`, and the halves of commands that work on the database: `issue-token`
// (npm run token) and `carry-out-copy` (npm run backup, restore). The launcher starts all as an ordinary
// user. The only place of the server that exits.
import type { CopyOrder } from '../../contract/copy-order.ts';
import type { TokenMaking } from '../../contract/token-making.ts';
import { handNoneOn } from '../../process/compile-cache.ts';
import { COULD_NOT_START } from '../../process/exit-status.ts';
import { explain } from '../../process/explain.ts';
import { receiveSecrets } from '../../process/hand-over-secrets.ts';
import { runProgram } from '../../process/run-program.ts';
import { runUntilStopped } from '../../process/run-until-stopped.ts';
import { takeSecrets } from '../../process/secret-settings.ts';
import { StartError } from '../../process/start-error.ts';
import type { Config } from './config/config.ts';
import { readConfig } from './config/read-config.ts';

const ROLES: Record<string, (config: Config) => Promise<void>> = {
  serve: (config) =>
    runUntilStopped(async (stopping) => (await import('./roles/serve.ts')).serve(config, stopping)),
  'issue-token': async (config) => {
    const { issueToken } = await import('./roles/issue-token.ts');
    return issueToken(config, JSON.parse(process.env.MILLRACE_INTERNAL_MAKING ?? '') as TokenMaking);
  },
  'carry-out-copy': async (config) => {
    const { carryOutCopy } = await import('./roles/carry-out-copy.ts');
    return carryOutCopy(config, JSON.parse(process.env.MILLRACE_INTERNAL_COPY ?? '') as CopyOrder);
  },
};

handNoneOn();
const name = process.argv[2] ?? 'serve';
const secrets = { ...takeSecrets(process.env), ...receiveSecrets(process.env) };
const status = await runProgram(
  async () => {
    const role = ROLES[name];
    if (role === undefined)
      throw new StartError(`usage: server/src/main.ts ${Object.keys(ROLES).join(' | ')}`);
    const config = readConfig(secrets);
    const { withMasterKey } = await import('./environment/key-keepers.ts');
    await role(await explain('the master key can not be opened', () => withMasterKey(config)));
  },
  name === 'serve' ? COULD_NOT_START : 1,
);
process.exit(status);
