// `token` (npm run token): the way back in for one who has lost every token, and has the machine. Makes a
// live secret token of every permission for the first account, whether Millrace runs on the data dir or not.
// Takes the data dir, the database and the master key: what opens everything anyway. Works as the data dir's
// owner, never as root. Leaves a trace: the token's comment, and a line in every node's log.
import { once } from 'node:events';
import { existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import { homeDir, installationName } from '../contract/paths.ts';
import type { TokenMaking } from '../contract/token-making.ts';
import { type Starting, startWithSecrets } from '../process/hand-over-secrets.ts';
import type { Secrets } from '../process/secret-settings.ts';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';
import { holdDataDir } from './data-dir-lock.ts';
import { nodeOf } from './server-places.ts';

/** @param issueHere makes it in this process, which is the owner's already. @throws StartError */
export async function makeToken(
  config: Config,
  secrets: Secrets,
  issueHere: (making: TokenMaking) => Promise<void>,
): Promise<void> {
  const owner = ownerOf(config.dataDir);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && owner.uid !== process.getuid?.()) {
    throw new StartError(`${config.dataDir} belongs to another user: run this as that user, or as root`);
  }
  const making = { isServed: holdDataDir(config.dataDir) !== null, by: caller() };
  if (isRoot) await makeAsOwner(config, { owner, making, secrets });
  else await issueHere(making);
}

type Owner = { uid: number; gid: number };

function ownerOf(dataDir: string): Owner {
  const found = statSync(dataDir, { throwIfNoEntry: false });
  const hint = 'MILLRACE_DATA_DIR names the folder that Millrace was started with';
  if (found === undefined || !existsSync(path.join(dataDir, 'lock'))) {
    throw new StartError(
      `Millrace was never started on ${dataDir}: there is no account to make a token for. ${hint}`,
    );
  }
  if (found.uid === 0)
    throw new StartError(`${dataDir} is root's: its first start never came to an end. ${hint}`);
  return { uid: found.uid, gid: found.gid };
}

function caller(): string {
  const sudo = process.env.SUDO_USER === undefined ? '' : ` (sudo: ${process.env.SUDO_USER})`;
  return `${userInfo().username}${sudo} on ${hostname()}`;
}

type AsOwner = { owner: Owner; making: TokenMaking; secrets: Secrets };

/**
 * The owner reaches neither the program nor the data dir where these lie below a closed folder: they are
 * bound, as the server's are.
 */
async function makeAsOwner(config: Config, { owner, making, secrets }: AsOwner): Promise<void> {
  const run = path.join('/run/millrace', `${installationName(config.dataDir)}-token-${process.pid}`);
  try {
    const child = startWithSecrets(entering(config, { owner, making, run }), secrets);
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) throw new StartError('no token was shown; the reason is above');
  } finally {
    rmSync(run, { recursive: true, force: true });
  }
}

type Entering = { owner: Owner; making: TokenMaking; run: string };

function entering(config: Config, { owner, making, run }: Entering): Starting {
  const home = realpathSync(homeDir());
  const [app, data] = [path.join(run, 'app'), path.join(run, 'data')];
  for (const place of [app, data]) mkdirSync(place, { recursive: true });
  const command = [nodeOf(home, app), path.join(app, 'server/src/main.ts'), 'issue-token'];
  const enter = path.join(import.meta.dirname, 'enter-server.sh');
  const binds = [home, app, config.dataDir, data];
  const args = ['--mount', 'sh', enter, String(owner.uid), String(owner.gid), ...binds, '--', ...command];
  const env = {
    ...process.env,
    MILLRACE_DATA_DIR: data,
    MILLRACE_INTERNAL_DATA_DIR: config.dataDir,
    MILLRACE_INTERNAL_MAKING: JSON.stringify(making),
    HOME: '/nonexistent',
  };
  return { command: ['unshare', ...args], env, cwd: '/' };
}
