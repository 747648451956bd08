// `start`: takes the data dir, then runs Millrace as its two processes, the supervisor as root and the server as an
// ordinary user, starts again whichever dies, and ends both in order. Without root there is one process: the server.
// Serves nothing and parses nothing itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config.ts';
import { homeDir } from '../config/paths.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { handOverCertificate } from './hand-over-certificate.ts';
import { keepRunning } from './keep-running.ts';
import { refuseForeignDataDir, refuseForeignEnginesDir } from './own-folders.ts';
import { onParentDeath } from './parent-death.ts';
import { choosePort, requireTlsPort } from './port.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { serve } from './serve.ts';
import { type Places, preparePlaces } from './server-places.ts';
import { ensureServerUser, type ServerUser } from './server-user.ts';
import { StartError } from './start-error.ts';

export async function launch(config: Config): Promise<void> {
  for (const warning of config.warnings) console.error(`millrace: ${warning}`);
  refuseMissingRoots(config.extraCaCerts);
  refuseForeignDataDir(config.dataDir);
  refuseForeignEnginesDir(config.enginesDir);
  lockDataDir(config.dataDir);
  const port = await choosePort(config);
  await requireTlsPort(config);
  if (process.getuid?.() === 0) await launchAsRoot(config, port);
  else await launchAlone(config, port);
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

async function launchAlone(config: Config, port: Record<string, string>): Promise<void> {
  if (config.sandbox !== 'none') {
    throw new StartError(
      'jails are built by root: start Millrace as root (its server then runs as an ordinary user), or set ' +
        'MILLRACE_SANDBOX=none where only trusted code runs',
    );
  }
  const chosen = port.MILLRACE_PORT === undefined ? {} : { port: Number(port.MILLRACE_PORT) };
  const publicUrl = port.MILLRACE_PUBLIC_URL ?? config.publicUrl;
  await runUntilStopped((stopping) => serve({ ...config, ...chosen, publicUrl }, stopping));
}

async function launchAsRoot(config: Config, port: Record<string, string>): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  onParentDeath(() => stopping.abort());
  const user = ensureServerUser();
  const places = preparePlaces(config, user);
  const settings = { ...port, ...handOverCertificate(config, places.run, user.gid) };
  const supervisor =
    config.sandbox === 'none' ? null : keepRunning(() => startSupervisor(user, port), stopping.signal);
  const server = keepRunning(() => startServer(places, user, settings), stopping.signal);
  // Whichever ends first for good takes the other along: it has said why.
  await Promise.race([server.ended, supervisor?.ended ?? server.ended, aborted(stopping.signal)]);
  stopping.abort();
  await server.stop();
  await supervisor?.stop();
  rmSync(places.run, { recursive: true, force: true });
  if (server.failed || supervisor?.failed) {
    throw new StartError('it could not be started; the reason is above');
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

function startSupervisor(user: ServerUser, port: Record<string, string>): ChildProcess {
  const args = [path.join(homeDir(), 'server/src/main.ts'), 'supervise'];
  const env = { ...process.env, ...port, MILLRACE_INTERNAL_SERVER_UID: String(user.uid) };
  // A process group of its own: Ctrl-C reaches us, and we end it in our order.
  const command = ['--pdeathsig', 'TERM', process.execPath, ...args];
  return spawn('setpriv', command, { env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
}

function startServer(places: Places, user: ServerUser, settings: Record<string, string>): ChildProcess {
  const command = [places.node, path.join(places.app, 'server/src/main.ts'), 'serve'];
  const enter = path.join(import.meta.dirname, 'enter-server.sh');
  const binds = places.binds.flat();
  const args = ['--mount', 'sh', enter, String(user.uid), String(user.gid), ...binds, '--', ...command];
  const env = {
    ...process.env,
    ...settings,
    MILLRACE_DATA_DIR: places.data,
    MILLRACE_ENGINES_DIR: places.engines,
    MILLRACE_INTERNAL_INSTALLATION: places.installation,
    HOME: '/nonexistent',
  };
  return spawn('unshare', args, { env, cwd: '/', stdio: ['ignore', 'inherit', 'inherit'], detached: true });
}
