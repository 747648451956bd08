// The program: `main.ts start` (what `npm start` runs), the two processes that it consists of, `serve` and `supervise`; `doctor`; and
// `token`, which works as `issue-token` where root starts it. The only place that exits.
import { availableParallelism, totalmem } from 'node:os';
import { type Config, ConfigError, parseConfig } from './config/config.ts';
import { installationName, runDir } from './config/paths.ts';
import { type Secrets, takeSecrets } from './config/secret-settings.ts';
import { closeInheritedDescriptors } from './roles/close-inherited.ts';
import { doctor } from './roles/doctor.ts';
import { receiveSecrets } from './roles/hand-over-secrets.ts';
import { issueToken, type Making } from './roles/issue-token.ts';
import { COULD_NOT_START, DIED } from './roles/keep-running.ts';
import { launch } from './roles/launch.ts';
import { makeToken } from './roles/make-token.ts';
import { openLog } from './roles/open-log.ts';
import { onInputEnd } from './roles/parent-death.ts';
import { Died, runUntilStopped } from './roles/run-until-stopped.ts';
import { serve } from './roles/serve.ts';
import { StartError } from './roles/start-error.ts';
import { type SuperviseParams, supervise } from './roles/supervise.ts';

const ROLES: Record<string, (config: Config, secrets: Secrets) => Promise<void>> = {
  start: launch,
  doctor,
  token: makeToken,
  'issue-token': (config) =>
    issueToken(config, JSON.parse(process.env.MILLRACE_INTERNAL_MAKING ?? '') as Making),
  serve: (config) => runUntilStopped((stopping) => serve(config, stopping)),
  supervise: (config) => {
    if (config.withoutRoot !== null) onInputEnd(() => process.kill(process.pid, 'SIGTERM'));
    return runUntilStopped(() => supervise(supervisorOf(config)));
  },
};

/** The launcher, which alone starts this role, tells the server's user. */
function supervisorOf(config: Config): SuperviseParams {
  return {
    config,
    runDir: config.withoutRoot?.runDir ?? runDir(installationName(config.dataDir)),
    serverUid: Number(process.env.MILLRACE_INTERNAL_SERVER_UID),
    log: openLog(config, 'supervisor'),
  };
}

/** The launcher starts these again, unless they say that they can't start. */
function isKept(role: string | undefined): boolean {
  return role === 'serve' || role === 'supervise';
}

/** A person types these, and may believe that an option counts. */
function isTyped(role: string | undefined): boolean {
  return role === 'doctor' || role === 'token';
}

async function main(): Promise<number> {
  const secrets = { ...takeSecrets(process.env), ...receiveSecrets(process.env) };
  closeInheritedDescriptors();
  // What is made for the server's user and for jails must be open to them, whatever the shell's habit.
  process.umask(0o022);
  const role = ROLES[process.argv[2] ?? 'start'];
  if (role === undefined) {
    console.error('usage: main.ts start | doctor | token');
    return 1;
  }
  const unread = process.argv.slice(3).join(' ');
  if (unread !== '' && isTyped(process.argv[2])) {
    console.error(`millrace: ${process.argv[2]} takes no arguments, and was given ${unread}`);
    return 1;
  }
  try {
    const totalMemoryMb = Math.floor(totalmem() / (1024 * 1024));
    const facts = { workingDir: process.cwd(), totalMemoryMb, cores: availableParallelism() };
    await role(parseConfig({ ...process.env, ...secrets }, facts), secrets);
    return 0;
  } catch (error) {
    // What the person at the keyboard can put right is told in plain words, the rest with its stack.
    if (!(error instanceof ConfigError || error instanceof StartError || error instanceof Died)) throw error;
    console.error(`millrace: ${error.message}`);
    if (error instanceof Died) return DIED;
    return isKept(process.argv[2]) ? COULD_NOT_START : 1;
  }
}

process.exit(await main());
