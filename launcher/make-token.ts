// `token` (npm run token): the way back in for one who has lost every token, and has the machine. Makes a
// live secret token of every permission for the first account, whether Millrace runs on the data dir or not.
// Takes the data dir, the database and the master key: what opens everything anyway. Works as the data dir's
// owner, never as root. Leaves a trace: the token's comment, and a line in every node's log.
import { hostname, userInfo } from 'node:os';
import type { TokenMaking } from '../contract/token-making.ts';
import type { Secrets } from '../process/secret-settings.ts';
import type { Config } from '../server/src/config/config.ts';
import { isRoot, ownerOf, runAsOwner } from './as-owner.ts';
import { holdDataDir } from './data-dir-lock.ts';

/** @param issueHere makes it in this process, which is the owner's already. @throws StartError */
export async function makeToken(
  config: Config,
  secrets: Secrets,
  issueHere: (making: TokenMaking) => Promise<void>,
): Promise<void> {
  const owner = ownerOf(config.dataDir);
  const making = { isServed: holdDataDir(config.dataDir) !== null, by: caller() };
  if (!isRoot()) return await issueHere(making);
  const task = {
    role: 'issue-token',
    folders: { data: config.dataDir },
    settings: ({ data = '' }: Record<string, string>) => ({
      MILLRACE_DATA_DIR: data,
      MILLRACE_INTERNAL_DATA_DIR: config.dataDir,
      MILLRACE_INTERNAL_MAKING: JSON.stringify(making),
    }),
    failed: 'no token was shown; the reason is above',
  };
  await runAsOwner(owner, task, secrets);
}

function caller(): string {
  const sudo = process.env.SUDO_USER === undefined ? '' : ` (sudo: ${process.env.SUDO_USER})`;
  return `${userInfo().username}${sudo} on ${hostname()}`;
}
