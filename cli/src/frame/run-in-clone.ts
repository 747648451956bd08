// Runs a command of the clone that Millrace is started from, on that machine: what works on its data dir has
// no address in the API. The clone is named, or it is the one that this program lies in, or this folder.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Answer, Option } from './command.ts';
import type { Terminal } from './terminal.ts';

export const CLONE_OPTION = {
  type: 'string',
  value: 'folder',
  about: 'the clone of Millrace on this machine; this folder, or MILLRACE_HOME',
} as const satisfies Option;

const SCRIPT = 'scripts/run-installed.mjs';

type Work = { terminal: Terminal; clone: string | undefined; args: readonly string[] };

/** @throws CliError `no_clone` `failed` */
export function runInClone({ terminal, clone, args }: Work): Answer {
  const home = findClone(clone);
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [path.join(home, SCRIPT), ...args],
    // What it prints is for people: with `--json` it is kept.
    {
      cwd: process.cwd(),
      stdio: ['inherit', 'pipe', terminal.asJson ? 'pipe' : 'inherit'],
      encoding: 'utf8',
    },
  );
  if (error !== undefined || status !== 0) {
    const said = `${stdout ?? ''}${stderr ?? ''}`.trim() || (error?.message ?? `it ended with ${status}`);
    throw new CliError('failed', `${args[0]}: ${said}`, { next: 'npm run doctor, in the clone' });
  }
  return { data: { clone: home, command: args[0], printed: stdout.trim() }, text: stdout.trimEnd() };
}

function findClone(named: string | undefined): string {
  const places = named === undefined ? [process.env.MILLRACE_HOME, '.', ownClone()] : [named];
  const found = places.find((place) => place !== undefined && isClone(path.resolve(place)));
  if (found !== undefined) return path.resolve(found);
  const where =
    named === undefined ? 'this folder is no clone of Millrace' : `${named} is no clone of Millrace`;
  throw new CliError('no_clone', `${where}: backups are made on the machine that Millrace runs on`, {
    next: 'name the clone there: --in <folder>',
  });
}

/** From source, the program lies in one. */
function ownClone(): string {
  return path.resolve(path.dirname(process.argv[1] ?? '.'), '../..');
}

function isClone(folder: string): boolean {
  const about = path.join(folder, 'package.json');
  if (!existsSync(about) || !existsSync(path.join(folder, SCRIPT))) return false;
  return (JSON.parse(readFileSync(about, 'utf8')) as { name?: string }).name === 'millrace';
}
