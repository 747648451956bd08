// Imports point one way. The order stands here once; ARCHITECTURE.md explains it. Decides from paths and
// texts alone and executes nothing of what it checks. Finds, too, what is exported for nobody.
// Called by check.mjs.
import { builtinModules } from 'node:module';
import path from 'node:path';
import { finish, type Problem } from './problem.ts';
import { isTestFile, isUserCode, lineOf, type SourceFile, sourceFiles } from './source-files.ts';

/**
 * The folders of server/src. A folder imports from itself and from those in rows above its own; inside the
 * rows `nouns` and `edges` also from those to its left.
 */
const ROWS = {
  leaves: ['clock', 'ids', 'errors', 'config', 'memory'],
  infrastructure: ['http', 'postgres', 'threads'],
  nouns: [
    'accounts',
    'tokens',
    'environment',
    'engines',
    'functions',
    'versions',
    'limits',
    'logs',
    'sandbox',
    'runs',
    'queue',
    'cron',
    'triggers',
    'events',
    'metrics',
    'run-streams',
    'error-groups',
    'outgoing-calls',
    'schedules',
    'mail',
    'people',
    'subscriptions',
    'builds',
    'values',
    'sources',
    'backups',
    'certificates',
    'monitoring',
  ],
  edges: ['supervisor', 'worker', 'gateway', 'doors', 'console', 'api', 'dialects'],
  composition: ['roles'],
} as const;

/** Folders with rooms of their own, which know each other one way. */
const HOUSES = /^server\/src\/(sources|dialects\/[^/]+)\/([^/]+)\//;

/**
 * The members of the workspace: what each of them knows of the others, and which packages it takes; null:
 * any. What runs as root knows nothing of the server but its settings, and what enters the jail depends on
 * nothing.
 */
const MEMBERS = {
  contract: { of: [], packages: [] },
  runtimes: { of: ['contract'], packages: [] },
  process: { of: ['contract'], packages: ['pino', 'pino-pretty'] },
  supervisor: { of: ['contract', 'process'], packages: ['pino'] },
  launcher: {
    of: ['contract', 'process', 'supervisor', 'server/src/config'],
    packages: ['pg-connection-string'],
  },
  doctor: { of: ['contract', 'process', 'supervisor', 'launcher', 'server/src'], packages: ['pino'] },
  client: {
    of: [],
    packages: [
      'esbuild',
      'openapi-fetch',
      '@redocly/openapi-core',
      'openapi-typescript',
      'openapi-typescript-helpers',
    ],
  },
  cli: {
    of: [],
    packages: [
      '@bomb.sh/tab',
      '@clack/prompts',
      'js-yaml',
      '@millrace/client',
      '@millrace/types',
      'esbuild',
      'yazl',
    ],
  },
  'server/src': { of: ['contract', 'process'], packages: null },
} as const satisfies Record<string, { of: readonly string[]; packages: readonly string[] | null }>;

type Member = keyof typeof MEMBERS;
const MEMBER_NAMES = Object.keys(MEMBERS) as Member[];
const LAUNCHER_MAIN = 'launcher/main.ts';
const ROW_NAMES = Object.keys(ROWS) as (keyof typeof ROWS)[];
const MAIN = 'server/src/main.ts';
const IMPORT = /(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*['"]([^'"\n]+)['"]/g;

/** Finds every import that the rules forbid. */
export function importProblems(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => !isTestFile(file.path) && !isUserCode(file.path))
    .flatMap((file) =>
      [...file.text.matchAll(IMPORT)].flatMap((match) => {
        const broken = brokenRule(file.path, match[1] as string);
        return broken === null
          ? []
          : [
              {
                path: file.path,
                line: lineOf(file.text, match.index),
                text: `imports ${match[1]}: ${broken}`,
              },
            ];
      }),
    );
}

/** Finds imports between rooms of a dialect, or of the sources, that run in a circle. */
export function circleProblems(files: readonly SourceFile[]): Problem[] {
  const arrows = files.filter((file) => !isTestFile(file.path)).flatMap(arrowsBetweenRooms);
  const known = Map.groupBy(arrows, ({ from }) => from);
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    from === to ||
    (!seen.has(from) && (known.get(from) ?? []).some((arrow) => reaches(arrow.to, to, seen.add(from))));
  return arrows
    .filter(({ from, to }) => reaches(to, from))
    .map(({ from, to, at }) => ({ ...at, text: `${from} imports ${to}, which knows it already` }));
}

const EXPORTED = /^export (?:async )?(?:function|const|class) (\w+)/gm;
/** Loaded where code of others starts, or by what others write: our own files needn't name it. */
const OPEN_TO_OTHERS = /^(client|authoring|runtimes|examples)\//;

/**
 * Finds values that are exported though no other file names them: what is only used at home needs no
 * export, and what nobody uses goes. Work for a thread is found by its name (`jobOf`).
 */
export function unusedProblems(files: readonly SourceFile[]): Problem[] {
  const users = new Map<string, number>();
  for (const { text } of files)
    for (const word of new Set(text.match(/\w+/g))) users.set(word, (users.get(word) ?? 0) + 1);
  return files
    .filter(({ path }) => !isTestFile(path) && !isUserCode(path) && !OPEN_TO_OTHERS.test(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(EXPORTED)]
        .filter(([, name = '']) => users.get(name) === 1 && !text.includes(`jobOf(import.meta.url, ${name})`))
        .map(({ 1: name, index }) => ({
          ...{ path, line: lineOf(text, index) },
          text: `exports ${name}, which no other file names`,
        })),
    );
}

type Arrow = { from: string; to: string; at: { path: string; line: number } };

function arrowsBetweenRooms({ path: file, text }: SourceFile): Arrow[] {
  const from = roomOf(file);
  if (from === null) return [];
  return [...text.matchAll(IMPORT)].flatMap((match) => {
    const to = roomOf(path.posix.join(path.posix.dirname(file), match[1] as string));
    if (to === null || to === from || path.posix.dirname(to) !== path.posix.dirname(from)) return [];
    return [{ from, to, at: { path: file, line: lineOf(text, match.index) } }];
  });
}

/** @returns e.g. `server/src/dialects/acme/files`; null where a file lies in no room */
function roomOf(file: string): string | null {
  return HOUSES.exec(file)?.[0].slice(0, -1) ?? null;
}

function brokenRule(from: string, specifier: string): string | null {
  const member = memberOf(from);
  if (member === null) return null;
  if (!specifier.startsWith('.')) return brokenPackageRule(member, specifier);
  const to = path.posix.join(path.posix.dirname(from), specifier);
  if (member === 'server/src' && memberOf(to) === member) return brokenServerRule(from, to);
  // It starts what a role names, and loads it only then: scripts/check-closure.ts holds to that.
  if (from === LAUNCHER_MAIN) return null;
  const known = MEMBERS[member].of;
  if ([member, ...known].some((one) => to.startsWith(`${one}/`))) return null;
  return known.length === 0
    ? `${member}/ imports nothing else of ours`
    : `${member}/ imports only ${known.join(', ')}`;
}

function memberOf(file: string): Member | null {
  return MEMBER_NAMES.find((name) => file.startsWith(`${name}/`)) ?? null;
}

function brokenPackageRule(member: Member, specifier: string): string | null {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return null;
  const { packages } = MEMBERS[member];
  if (packages === null || packages.some((name) => name === specifier)) return null;
  return packages.length === 0
    ? `${member}/ has no dependencies`
    : `${member}/ takes only ${packages.join(', ')}`;
}

function brokenServerRule(from: string, to: string): string | null {
  if (to === MAIN) return 'nothing imports main.ts';
  if (from === MAIN) return null;
  const [source, target] = [folderOf(from), folderOf(to)];
  if (source === target) return brokenDialectRule(from, to);
  const unknown = [source, target].find((folder) => placeOf(folder) === null);
  if (unknown !== undefined) return `${unknown} has no place in the order of scripts/check-imports.ts yet`;
  return isAllowed(source, target) ? null : `${source} must not know ${target}`;
}

function brokenDialectRule(from: string, to: string): string | null {
  const vendor = (file: string): string => file.split('/')[3] ?? '';
  if (folderOf(from) !== 'dialects' || vendor(from) === vendor(to)) return null;
  return 'a dialect never imports another dialect';
}

/** First folder below server/src. */
function folderOf(file: string): string {
  return file.split('/')[2] ?? '';
}

type Place = { row: keyof typeof ROWS; rowIndex: number; column: number };

function placeOf(folder: string): Place | null {
  for (const [rowIndex, row] of ROW_NAMES.entries()) {
    const column = (ROWS[row] as readonly string[]).indexOf(folder);
    if (column !== -1) return { row, rowIndex, column };
  }
  return null;
}

function isAllowed(source: string, target: string): boolean {
  const [from, to] = [placeOf(source) as Place, placeOf(target) as Place];
  if (from.row !== to.row) return to.rowIndex < from.rowIndex;
  if (from.row === 'leaves') return true;
  return (from.row === 'nouns' || from.row === 'edges') && to.column < from.column;
}

if (import.meta.main) {
  const files = sourceFiles(
    /^(server\/src|contract|process|supervisor|launcher|doctor|runtimes|client|cli)\/.*\.(ts|mjs|cjs|js)$/,
  );
  const all = sourceFiles(/\.(tsx?|[mc]?js)$/);
  finish([...importProblems(files), ...circleProblems(files), ...unusedProblems(all)]);
}
