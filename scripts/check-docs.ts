// Documents and code agree: every setting and every failure code is documented as it is, every link leads
// somewhere, every decision has a number of its own and is listed. Reads documents, and of the code only what
// it says about itself. Called by check.mjs.
import path from 'node:path';
import { type Config, configNames, parseConfig } from '../server/src/config/config.ts';
import { type FailureKind, failureKinds } from '../server/src/errors/failure.ts';
import { docBlocks } from './doc-blocks.ts';
import { commentProblems, messageProblems, proseProblems } from './doc-prose.ts';
import { finish, type Problem } from './problem.ts';
import { isTestFile, lineOf, type SourceFile, sourceFiles, sourcePaths } from './source-files.ts';

const CONFIGURATION = 'docs/configuration.md';
const ERRORS = 'docs/errors.md';
const DECISIONS = 'docs/decisions/README.md';

/** A row of a table whose first cell is code: `| \`name\` | a | b |`. */
type Row = { name: string; cells: string[]; line: number };

/** Rows whose name matches, in order. */
export function tableRows(text: string, name: RegExp): Row[] {
  return text.split('\n').flatMap((line, index) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const found = /^`([^`]+)`$/.exec(cells[1] ?? '')?.[1];
    return found !== undefined && name.test(found)
      ? [{ name: found, cells: cells.slice(2, -1), line: index + 1 }]
      : [];
  });
}

/**
 * Compares the table of settings with the code's. The second cell is the default, in backticks; `–` where
 * there is none; words without backticks where it depends on the machine.
 * @param defaults  name of each setting with its default as documented, null where it depends on the machine
 */
export function configurationProblems(
  file: SourceFile,
  defaults: ReadonlyMap<string, string | null>,
): Problem[] {
  const rows = tableRows(file.text, /^(MILLRACE|OTEL)_/);
  const problem = (line: number, text: string): Problem => ({ path: file.path, line, text });
  const missing = [...defaults.keys()]
    .filter((name) => !rows.some((row) => row.name === name))
    .map((name) => problem(1, `${name} is read by server/src/config/config.ts and not documented`));
  const wrong = rows.flatMap((row) => {
    if (!defaults.has(row.name)) return [problem(row.line, `${row.name} is not a setting`)];
    const expected = defaults.get(row.name);
    const told = row.cells[0]?.replaceAll('`', '').replaceAll(',', '');
    return expected === null || told === expected?.replaceAll(',', '')
      ? []
      : [problem(row.line, `${row.name} is ${expected} by default, not ${told}`)];
  });
  return [...missing, ...wrong];
}

/**
 * Compares the table of failure codes (status, whose fault, retry), above the first heading, with the code's.
 */
export function errorProblems(file: SourceFile, kinds: Readonly<Record<string, FailureKind>>): Problem[] {
  const [first = ''] = file.text.split('\n## ');
  const rows = tableRows(first, /^[a-z_]+$/);
  const missing = Object.keys(kinds)
    .filter((code) => !rows.some((row) => row.name === code))
    .map((code) => ({ path: file.path, line: 1, text: `${code} can be answered and is not documented` }));
  const wrong = rows.flatMap((row) => {
    const kind = kinds[row.name];
    const told = row.cells.slice(0, 3).join(', ');
    const expected = kind && `${kind.status}, ${kind.fault}, ${kind.retry ? 'yes' : 'no'}`;
    if (told === expected) return [];
    const text =
      expected === undefined
        ? `${row.name} is not a failure code`
        : `${row.name} is ${expected}, not ${told}`;
    return [{ path: file.path, line: row.line, text }];
  });
  return [...missing, ...wrong];
}

/** Where codes that callers see stand in the code, besides the failures' own. */
const CODES: readonly { of: RegExp; code: RegExp }[] = [
  // The dialects' own words for failures.
  { of: /^server\/src\/dialects\/comecero\/comecero-envelope\.ts$/, code: /: \['[a-z_]+', '([a-z_]+)'\]/g },
  {
    of: /^server\/src\/dialects\/hubspot\/(cli-envelope|endpoint-failure)\.ts$/,
    code: /'([A-Z]+(?:_[A-Z]+)+|[A-Z]{6,})'/g,
  },
  // `custom` is the schema library's.
  { of: /^server\/src\/dialects\//, code: /\bcode: '(?!custom')([a-z_]+)'/g },
  // The command line's.
  { of: /^cli\/src\//, code: /new CliError\(\s*'([a-z_]+)'/g },
  // What runs end with.
  {
    of: /^(server\/src|runtimes|contract|process|supervisor|launcher)\//,
    code: /['"]((?:Platform|Function|Runtime|Sandbox)\.[A-Za-z]{2,})['"]/g,
  },
];

/**
 * Codes that callers can see and the page of errors doesn't name, and codes of runs on it that nothing ends
 * with.
 */
export function codeProblems(page: SourceFile, sources: readonly SourceFile[]): Problem[] {
  const inCode = new Set<string>();
  for (const { path: of, text } of sources) {
    for (const place of CODES.filter((one) => one.of.test(of))) {
      for (const [, code = ''] of text.matchAll(place.code)) inCode.add(code);
    }
  }
  const missing = [...inCode]
    .filter((code) => !page.text.includes(`\`${code}\``))
    .map((code) => ({ path: page.path, line: 1, text: `${code} can be answered and is not documented` }));
  const gone = tableRows(page.text, /^(Platform|Function|Runtime|Sandbox)\.[A-Za-z]+$/)
    .filter(({ name }) => !inCode.has(name))
    .map(({ name, line }) => ({ path: page.path, line, text: `${name} is not in the code` }));
  return [...missing, ...gone];
}

/** Settings of tests and of our own processes, which operators don't set. */
const OF_OUR_OWN = /^MILLRACE_(TEST|SOAK|BENCH|INTERNAL|IN_|REPO)/;

/** Finds settings that a document names and the code doesn't read. */
export function settingProblems(documents: readonly SourceFile[], names: readonly string[]): Problem[] {
  return documents.flatMap(({ path: of, text }) =>
    [...text.matchAll(/\bMILLRACE_[A-Z][A-Z_]*[A-Z]\b/g)].flatMap(({ 0: name, index }) =>
      names.includes(name) || OF_OUR_OWN.test(name)
        ? []
        : [{ path: of, line: lineOf(text, index), text: `${name} is not a setting` }],
    ),
  );
}

/**
 * Finds code blocks of which a reader can't know what they are (scripts/doc-blocks.ts says how they are
 * marked), and those that a test is said to run which isn't there.
 */
export function blockProblems(documents: readonly SourceFile[], paths: ReadonlySet<string>): Problem[] {
  return documents.flatMap(({ path: of, text }) =>
    docBlocks(text).flatMap((block) => {
      const elsewhere = block.kind === 'not run' ? /\S+\.test\.ts/.exec(block.reason)?.[0] : undefined;
      if (elsewhere !== undefined && !paths.has(elsewhere))
        return [{ path: of, line: block.line, text: `${elsewhere} is said to run this, and isn't there` }];
      if (block.kind !== 'unmarked') return [];
      const text = 'neither commands nor their answer: mark it <!-- not run: why --> or <!-- file: name -->';
      return [{ path: of, line: block.line, text }];
    }),
  );
}

/**
 * In these the code is described by its files; a path without a folder at its front lies in the server's
 * sources.
 */
const DESCRIBES_CODE = ['ARCHITECTURE.md', 'CONTRIBUTING.md'];
const NAMED_FILE = /`([a-z][\w.*-]*\/[\w./*-]*\.(?:ts|cjs|mjs|py|java|sh|sql|c))`/g;

/** Finds files that a page describes and that are gone. `*` stands for anything within a name. */
export function fileProblems(documents: readonly SourceFile[], paths: ReadonlySet<string>): Problem[] {
  const isThere = (named: string): boolean => {
    const pattern = new RegExp(`^(server/src/)?${named.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
    return [...paths].some((known) => pattern.test(known));
  };
  return documents
    .filter(({ path: of }) => DESCRIBES_CODE.includes(of))
    .flatMap(({ path: of, text }) =>
      [...text.matchAll(NAMED_FILE)].flatMap(({ index, 1: named = '' }) =>
        isThere(named) ? [] : [{ path: of, line: lineOf(text, index), text: `there is no ${named}` }],
      ),
    );
}

const LINK = /\]\(([^)\s]+)\)/g;

/** Finds links inside the repository that lead nowhere. */
export function linkProblems(documents: readonly SourceFile[], paths: ReadonlySet<string>): Problem[] {
  return documents.flatMap(({ path: from, text }) =>
    [...withoutCode(text).matchAll(LINK)].flatMap((match) => {
      const link = match[1] as string;
      if (/^[a-z]+:/.test(link)) return [];
      const [target = '', anchor] = link.split('#');
      const to = target === '' ? from : path.posix.join(path.posix.dirname(from), target).replace(/\/$/, '');
      const isFolder = [...paths].some((known) => known.startsWith(`${to}/`));
      const known = documents.find((document) => document.path === to);
      const isThere =
        (paths.has(to) || isFolder) &&
        (anchor === undefined || (known !== undefined && hasAnchor(known, anchor)));
      return isThere
        ? []
        : [{ path: from, line: lineOf(text, match.index), text: `the link ${link} leads nowhere` }];
    }),
  );
}

/** The text with code blanked out, so that offsets stay and `[0](x)` in an example is no link. */
function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```|`[^`\n]*`/g, (code) => code.replace(/[^\n]/g, ' '));
}

function hasAnchor(document: SourceFile, anchor: string): boolean {
  return [...document.text.matchAll(/^#+ +(.*)$/gm)].some((heading) => slug(heading[1] as string) === anchor);
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Compares the list of decisions with the files: all are there, in order, and no two have one number. */
export function decisionProblems(list: SourceFile, documents: readonly SourceFile[]): Problem[] {
  const names = documents
    .flatMap(({ path: of }) => /^docs\/decisions\/(\d{4}-.+\.md)$/.exec(of)?.[1] ?? [])
    .sort();
  const numberOf = (name: string): string => name.slice(0, 4);
  const problem = (text: string): Problem => ({ path: list.path, line: 1, text });
  const twice = names
    .filter((name, index) => numberOf(name) === numberOf(names[index - 1] ?? ''))
    .map((name) => problem(`${name} has the number of another decision`));
  const told = [...list.text.matchAll(/^\| \[(\d{4})\]\(([^)]+)\)/gm)].map(
    ([, number, to]) => `${number} ${to}`,
  );
  const expected = names.map((name) => `${numberOf(name)} ${name}`);
  return told.join() === expected.join()
    ? twice
    : [...twice, problem(`must list, in this order: ${expected.join(', ')}`)];
}

/** Settings whose key in Config doesn't follow from their name. */
const ODD_KEYS: Record<string, string> = {
  MILLRACE_DNS: 'dnsServers',
  MILLRACE_KEY_SERVICE_TOKEN: 'keyService',
  MILLRACE_KEY_SERVICE_URL: 'keyService',
  MILLRACE_MASTER_KEY_FILE: 'masterKeyPath',
  MILLRACE_MEMORY_BUDGET: 'memoryBudgetMb',
  MILLRACE_PUBLIC_HOST: 'publicHosts',
  MILLRACE_SEALED_MASTER_KEY: 'keyService',
  MILLRACE_SMTP_URL: 'smtp',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'otlpEndpoint',
  OTEL_EXPORTER_OTLP_HEADERS: 'otlpHeaders',
  OTEL_SERVICE_NAME: 'otelServiceName',
};

/** What the code does where a setting is absent, as a document says it. */
export function documentedDefaults(): Map<string, string | null> {
  const facts = { workingDir: '/clone', totalMemoryMb: 8192, cores: 2 };
  const config = parseConfig({}, facts);
  const bigger = parseConfig({}, { ...facts, totalMemoryMb: 16_384, cores: 4 });
  return new Map(
    configNames().map((name) => {
      const value = documentedValue(config, name);
      return [name, value === documentedValue(bigger, name) ? value : null];
    }),
  );
}

function documentedValue(config: Config, name: string): string {
  const camel = name
    .slice('MILLRACE_'.length)
    .toLowerCase()
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const key = ODD_KEYS[name] ?? camel;
  const values = { ...config, ...config.limits } as Record<string, unknown>;
  if (!(key in values))
    throw new Error(`which member of Config does ${name} set? Name it in scripts/check-docs.ts`);
  const value = values[key];
  const isEmpty = (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
  if (value === null || isEmpty) return '–';
  return String(value).replace(/^\/clone\//, '');
}

/** Records of decisions and contracts of others: no page that a user works through. */
const NO_MANUAL = /^docs\/(decisions|specs)\//;
/** Where codes for callers are written. */
const CODED =
  /^(server\/src|cli\/src|runtimes|contract|process|supervisor|launcher|doctor)\/.*\.(ts|mjs|cjs|py|java)$/;
/** Where texts for people are written. */
const TEXTS = /^(server\/src|cli\/src|runtimes|scripts)\/.*\.(ts|mjs|cjs)$/;

/** What the program `millrace` reads of its environment: it is no setting of the server's. */
function namesOfTerminal(): string[] {
  return sourceFiles(/^cli\/src\/.*\.ts$/).flatMap(({ text }) => text.match(/\bMILLRACE_[A-Z_]+\b/g) ?? []);
}

if (import.meta.main) {
  const documents = sourceFiles(/\.md$/);
  const manual = documents.filter(
    ({ path: of }) =>
      /^((README|ARCHITECTURE|CONTRIBUTING|SECURITY)\.md$|(docs|examples)\/)/.test(of) && !NO_MANUAL.test(of),
  );
  const named = (name: string): SourceFile =>
    documents.find((document) => document.path === name) ?? { path: name, text: '' };
  finish([
    ...configurationProblems(named(CONFIGURATION), documentedDefaults()),
    ...errorProblems(named(ERRORS), failureKinds()),
    ...codeProblems(
      named(ERRORS),
      sourceFiles(CODED).filter(({ path: of }) => !isTestFile(of)),
    ),
    ...settingProblems(manual, [...configNames(), ...namesOfTerminal()]),
    ...blockProblems(manual, new Set(sourcePaths())),
    ...messageProblems(sourceFiles(TEXTS).filter(({ path: of }) => !isTestFile(of))),
    ...commentProblems(sourceFiles(TEXTS)),
    ...proseProblems(manual),
    ...linkProblems(documents, new Set(sourcePaths())),
    ...fileProblems(documents, new Set(sourcePaths())),
    ...decisionProblems(named(DECISIONS), documents),
  ]);
}
