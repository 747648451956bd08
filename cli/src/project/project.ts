// A project: the folder of one function, described by its `millrace.json`. Reads and checks what stands in
// it, as far as this program must know it; what values are good, Millrace says.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../cli-error.ts';

export const PROJECT_FILE = 'millrace.json';

/** Members that Millrace takes as they are. */
export const SETTINGS = [
  'description',
  'enabled',
  'timeout_ms',
  'memory_mb',
  'reuse',
  'concurrency',
  'retry',
  'max_concurrent_runs',
  'disable_after_faults',
] as const;
/** Members that make a version. */
export const CODE_SETTINGS = ['handler', 'runtime', 'convention', 'dependencies'] as const;
const OWN = [
  '$schema',
  'name',
  'root',
  'zip',
  'build',
  'ignore',
  'variables',
  'secrets',
  'triggers',
] as const;

export type TriggerWanted = {
  kind: string;
  enabled?: boolean;
  delay_ms?: number;
  settings?: Record<string, unknown>;
};

export type Project = {
  folder: string;
  name: string;
  /** What is packed, below the folder. */
  root: string;
  /** A zip that a build makes, in place of the files. */
  zip: string | null;
  /** What makes it; run by the shell before packing. */
  build: string | null;
  /** Paths that stay at home. */
  ignore: readonly string[];
  settings: Record<string, unknown>;
  codeSettings: Record<string, unknown>;
  variables: Readonly<Record<string, string>>;
  /** Names: their values are set by `millrace secrets set`. */
  secrets: readonly string[];
  /** By name. */
  triggers: Readonly<Record<string, TriggerWanted>>;
};

/** @throws CliError `no_project` `bad_project` */
export function readProject(folder: string): Project {
  const file = path.join(folder, PROJECT_FILE);
  if (!existsSync(file)) {
    throw new CliError('no_project', `${folder} has no ${PROJECT_FILE}`, { next: 'millrace init' });
  }
  const given = parse(file);
  const known: readonly string[] = [...OWN, ...SETTINGS, ...CODE_SETTINGS];
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw bad(`${unknown} is no member; there are ${known.join(', ')}`);
  if (typeof given.name !== 'string' || given.name === '') throw bad('name: a text is needed');
  return {
    folder,
    name: given.name,
    root: textOf(given, 'root') ?? '.',
    zip: textOf(given, 'zip'),
    build: textOf(given, 'build'),
    ignore: listOf(given, 'ignore'),
    settings: pick(given, SETTINGS),
    codeSettings: pick(given, CODE_SETTINGS),
    variables: mapOf<string>(given, 'variables', (value) => typeof value === 'string', 'texts by name'),
    secrets: listOf(given, 'secrets'),
    triggers: mapOf<TriggerWanted>(given, 'triggers', isTrigger, '{"kind", "settings"} by name'),
  };
}

function bad(message: string): CliError {
  return new CliError('bad_project', `${PROJECT_FILE}: ${message}`);
}

function parse(file: string): Record<string, unknown> {
  let given: unknown;
  try {
    // Editors of Windows begin a file with a mark.
    given = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw bad(`that is no JSON: ${(error as Error).message}`);
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as never;
  throw bad('members in { } are needed');
}

function textOf(given: Record<string, unknown>, name: string): string | null {
  const value = given[name] ?? null;
  if (value !== null && typeof value !== 'string') throw bad(`${name}: must be a text`);
  return value;
}

function listOf(given: Record<string, unknown>, name: string): readonly string[] {
  const value = given[name] ?? [];
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) {
    throw bad(`${name}: must be a list of texts`);
  }
  return value;
}

function mapOf<Value>(
  given: Record<string, unknown>,
  name: string,
  isGood: (value: unknown) => boolean,
  shape: string,
): Record<string, Value> {
  const value = given[name] ?? {};
  if (typeof value !== 'object' || value === null || !Object.values(value).every(isGood)) {
    throw bad(`${name}: must be ${shape}`);
  }
  return value as Record<string, Value>;
}

function isTrigger(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as TriggerWanted).kind === 'string';
}

function pick(given: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in given).map((name) => [name, given[name]]));
}
