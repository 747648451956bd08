// `start`: takes the data dir, then runs Millrace as its two processes, the supervisor as root and the server
// as an ordinary user, starts again whichever dies, and ends both in order. Without root:
// launch-without-root.ts. Serves nothing and parses nothing itself.
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { machineEnginesOf, placeMachineEngines } from '../contract/machine-engines.ts';
import { homeDir, installationName, runDir } from '../contract/paths.ts';
import { serverCompileCache } from '../process/compile-cache.ts';
import { type Starting, startWithSecrets } from '../process/hand-over-secrets.ts';
import type { Secrets } from '../process/secret-settings.ts';
import { StartError } from '../process/start-error.ts';
import type { Config } from '../server/src/config/config.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { findMachineEngines } from './find-machine-engines.ts';
import { GIVING_MEMORY_BACK } from './giving-memory-back.ts';
import { handOverCertificate } from './hand-over-certificate.ts';
import { keepRunning } from './keep-running.ts';
import { launchWithoutRoot } from './launch-without-root.ts';
import { makeWalArchive, refuseForeignDataDir, refuseForeignEnginesDir } from './own-folders.ts';
import { onParentDeath } from './parent-death.ts';
import { choosePort, requireTlsPort } from './port.ts';
import { refuseFailed, runTogether } from './run-together.ts';
import { type Places, preparePlaces } from './server-places.ts';
import { ensureServerUser, type ServerUser } from './server-user.ts';
import { settingsOfSupervisor } from './settings-of-supervisor.ts';
import { SUPERVISOR_COMMAND, startSupervisor } from './start-supervisor.ts';

/**
 * @param serveHere becomes the server: where there are no walls and no root, there is nothing to keep apart
 */
export async function launch(
  config: Config,
  secrets: Secrets,
  serveHere: (config: Config) => Promise<void>,
): Promise<void> {
  for (const warning of config.warnings) console.error(`millrace: ${warning}`);
  refuseGivenFindings(config);
  refuseMissingRoots(config.extraCaCerts);
  refuseForeignDataDir(config.dataDir);
  refuseForeignEnginesDir(config.enginesDir);
  lockDataDir(config.dataDir);
  makeWalArchive(config.walArchive);
  const engines = await findMachineEngines(process.env);
  const port = await choosePort(config);
  await requireTlsPort(config);
  const settings = { ...port, MILLRACE_INTERNAL_ENGINES: JSON.stringify(engines) };
  const known = { ...withPort(config, port), ...engines };
  if (process.getuid?.() === 0) await launchAsRoot(known, settings, secrets);
  else if (config.sandbox !== 'none') await launchWithoutRoot(known, settings, secrets);
  else await serveHere(known);
}

/** As root, sandboxes would be root as well. */
function refuseGivenFindings({ withoutRoot }: Config): void {
  if (withoutRoot !== null) {
    throw new StartError('MILLRACE_INTERNAL_WITHOUT_ROOT is what Millrace itself finds out: unset it');
  }
}

/** Functions would fail one by one later. */
function refuseMissingRoots(file: string | null): void {
  if (file === null) return;
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(`MILLRACE_EXTRA_CA_CERTS: ${(error as Error).message}`);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new StartError(`MILLRACE_EXTRA_CA_CERTS: ${file} holds no certificate in PEM form`);
  }
}

/** With what {@link choosePort} has found. */
function withPort(config: Config, port: Record<string, string>): Config {
  const chosen = port.MILLRACE_PORT === undefined ? {} : { port: Number(port.MILLRACE_PORT) };
  return { ...config, ...chosen, publicUrl: port.MILLRACE_PUBLIC_URL ?? config.publicUrl };
}

async function launchAsRoot(config: Config, found: Record<string, string>, secrets: Secrets): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  onParentDeath(() => stopping.abort());
  const user = ensureServerUser();
  const places = preparePlaces(config, user);
  const { binds, engines } = placeMachineEngines(config, places.run);
  for (const bind of binds) {
    mkdirSync(bind[1], { recursive: true });
    places.binds.push(bind);
  }
  const settings = {
    ...found,
    ...handOverCertificate(config, places.run, user.gid),
    MILLRACE_INTERNAL_DATA_DIR: config.dataDir,
    MILLRACE_INTERNAL_ENGINES: JSON.stringify(engines),
  };
  const supervisor = config.sandbox === 'none' ? null : keepRunning(jailsOf(config, user), stopping.signal);
  const server = keepRunning(
    () => startWithSecrets(serverOf(places, user, settings), secrets),
    stopping.signal,
  );
  await runTogether(server, supervisor, stopping);
  rmSync(places.run, { recursive: true, force: true });
  refuseFailed(server, supervisor);
}

/** @returns what starts the supervisor, each time with the same settings */
function jailsOf(config: Config, user: ServerUser): () => ChildProcess {
  const settings = settingsOfSupervisor(config, {
    ...{ ...machineEnginesOf(config), withoutRoot: null, serverUid: user.uid },
    runDir: runDir(installationName(config.dataDir)),
  });
  return () => startSupervisor(['setpriv', '--pdeathsig', 'TERM', ...SUPERVISOR_COMMAND], settings);
}

function serverOf(places: Places, user: ServerUser, settings: Record<string, string>): Starting {
  const command = [places.node, path.join(places.app, 'server/src/main.ts'), 'serve'];
  const enter = path.join(import.meta.dirname, 'enter-server.sh');
  const binds = places.binds.flat();
  const args = ['--mount', 'sh', enter, String(user.uid), String(user.gid), ...binds, '--', ...command];
  const env = {
    ...GIVING_MEMORY_BACK,
    ...process.env,
    ...settings,
    ...serverCompileCache(homeDir(), { uid: user.uid, app: places.app }),
    MILLRACE_DATA_DIR: places.data,
    MILLRACE_ENGINES_DIR: places.engines,
    MILLRACE_WAL_ARCHIVE: places.wal,
    MILLRACE_INTERNAL_INSTALLATION: places.installation,
    HOME: '/nonexistent',
  };
  return { command: ['unshare', ...args], env, cwd: '/' };
}
