// The program: `main.ts start` (what `npm start` runs), the two processes that it consists of, `serve` and `supervise`; `doctor`; and
// `token`, which works as `issue-token` where root starts it. The only place that exits.
import { availableParallelism, totalmem } from 'node:os';
import { installationName, runDir } from '../../contract/paths.ts';
import { closeInheritedDescriptors } from '../../process/close-inherited.ts';
import { COULD_NOT_START, DIED } from '../../process/exit-status.ts';
import { receiveSecrets } from '../../process/hand-over-secrets.ts';
import { Died, type Running, runUntilStopped } from '../../process/run-until-stopped.ts';
import { type Secrets, takeSecrets } from '../../process/secret-settings.ts';
import { StartError } from '../../process/start-error.ts';
import { type Config, ConfigError, parseConfig } from './config/config.ts';
import type { Making } from './roles/issue-token.ts';
import { onInputEnd } from './roles/parent-death.ts';

/** Each process loads what its own role needs: what runs as root holds nothing that only the server uses. */
const ROLES: Record<string, (config: Config, secrets: Secrets) => Promise<void>> = {
  start: async (config, secrets) => (await import('./roles/launch.ts')).launch(config, secrets),
  doctor: async (config) => (await import('./roles/doctor.ts')).doctor(config),
  token: async (config, secrets) => (await import('./roles/make-token.ts')).makeToken(config, secrets),
  'issue-token': async (config) => {
    const { issueToken } = await import('./roles/issue-token.ts');
    return issueToken(config, JSON.parse(process.env.MILLRACE_INTERNAL_MAKING ?? '') as Making);
  },
  serve: (config) =>
    runUntilStopped(async (stopping) => (await import('./roles/serve.ts')).serve(config, stopping)),
  supervise: (config) => {
    if (config.withoutRoot !== null) onInputEnd(() => process.kill(process.pid, 'SIGTERM'));
    return runUntilStopped(() => startSupervisor(config));
  },
};

/** The launcher, which alone starts this role, names the server's user. */
async function startSupervisor(config: Config): Promise<Running> {
  const { supervise } = await import('./roles/supervise.ts');
  const { openLog } = await import('../../process/open-log.ts');
  const { settingsOfSupervisor } = await import('./roles/settings-of-supervisor.ts');
  const { pythons, withoutRoot } = config;
  const settings = settingsOfSupervisor(config, {
    ...{ pythons, withoutRoot },
    runDir: withoutRoot?.runDir ?? runDir(installationName(config.dataDir)),
    serverUid: Number(process.env.MILLRACE_INTERNAL_SERVER_UID),
  });
  return supervise(settings, await openLog(config, 'supervisor'));
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
