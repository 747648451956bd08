// What runs as root loads what root-closure.txt names, and nothing else: every file of ours and every
// package, from the two programs that root starts. A file or package that is added there is entered on
// purpose, by `npm run closure`. Reads sources and the lock file, and loads nothing. Called by check.mjs.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { finish, type Problem } from './problem.ts';
import { isTestFile, lineOf, ROOT, type SourceFile, sourceFiles } from './source-files.ts';

const ENTRIES = ['launcher/main.ts', 'supervisor/main.ts'];
/**
 * It becomes the server or the doctor where it is asked to: what it imports then is no part of the others.
 */
const CHOOSES_ROLES = 'launcher/main.ts';
const LIST = 'scripts/root-closure.txt';

/** `import type` is erased; `import { type X }` loads the file all the same. */
const IMPORT =
  /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"\n]+)['"]|\b(?:import|require)\(\s*['"]([^'"\n]+)['"]/gm;

type Packages = Record<string, { dependencies?: Record<string, string> }>;
/** What is loaded, and where it is imported first. */
type Closure = Map<string, { path: string; line: number }>;

/**
 * @param packages of the lock file
 * @returns files as they are, packages as `package <name>`, those that packages need included
 */
export function closureOf(entry: string, files: ReadonlyMap<string, string>, packages: Packages): Closure {
  const found: Closure = new Map([[entry, { path: entry, line: 1 }]]);
  for (const [file] of found) {
    for (const { specifier, line } of importsOf(file, files.get(file) ?? '')) {
      const isOurs = specifier.startsWith('.');
      const loaded = isOurs
        ? [path.posix.join(path.posix.dirname(file), specifier)]
        : withNeeded(specifier, packages);
      for (const one of loaded) {
        const name = isOurs ? one : `package ${one}`;
        if (!found.has(name)) found.set(name, { path: file, line });
      }
    }
  }
  return found;
}

function importsOf(file: string, text: string): { specifier: string; line: number }[] {
  return [...text.matchAll(IMPORT)].flatMap((match) => {
    const [, atStart, chosen] = match;
    if (chosen !== undefined && file === CHOOSES_ROLES) return [];
    const specifier = atStart ?? chosen ?? '';
    return specifier.startsWith('node:') ? [] : [{ specifier, line: lineOf(text, match.index) }];
  });
}

function withNeeded(name: string, packages: Packages, found = new Set<string>()): string[] {
  if (found.has(name)) return [];
  found.add(name);
  const needed = Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {});
  return [name, ...needed.flatMap((one) => withNeeded(one, packages, found))];
}

/** @param list text of root-closure.txt */
export function closureProblems(list: string, closures: ReadonlyMap<string, Closure>): Problem[] {
  const listed = readList(list);
  return [...closures].flatMap(([entry, closure]) => {
    const known = listed.get(entry) ?? [];
    const added = [...closure]
      .filter(([name]) => !known.includes(name))
      .map(([name, at]) => ({
        ...at,
        text: `${entry} runs as root, and would load ${name}: not in ${LIST} (npm run closure)`,
      }));
    const gone = known
      .filter((name) => !closure.has(name))
      .map((name) => ({
        path: LIST,
        line: 1,
        text: `${entry} does not load ${name} any more (npm run closure)`,
      }));
    return [...added, ...gone];
  });
}

function readList(text: string): Map<string, string[]> {
  const sections = text.split(/^(?=\S)/m).filter((section) => !section.startsWith('#'));
  return new Map(
    sections.map((section) => {
      const [entry = '', ...names] = section.split('\n').map((line) => line.trim());
      return [entry, names.filter((name) => name !== '')];
    }),
  );
}

function writeList(closures: ReadonlyMap<string, Closure>): string {
  const sections = [...closures].map(
    ([entry, closure]) =>
      `${entry}\n${[...closure.keys()]
        .sort()
        .map((name) => `  ${name}\n`)
        .join('')}`,
  );
  return `# What each program of root loads. Written by \`npm run closure\`, compared by \`npm run check\`.\n${sections.join('')}`;
}

if (import.meta.main) {
  const sources = sourceFiles(/\.(ts|mjs|cjs|js)$/).filter((file: SourceFile) => !isTestFile(file.path));
  const files = new Map(sources.map((file) => [file.path, file.text]));
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Packages;
  };
  const closures = new Map(ENTRIES.map((entry) => [entry, closureOf(entry, files, packages)]));
  const listFile = path.join(ROOT, LIST);
  if (process.argv.includes('--write')) writeFileSync(listFile, writeList(closures));
  else finish(closureProblems(readFileSync(listFile, 'utf8'), closures));
}
