// What a site's owner who moves here wants to know of a `.functions` folder before their site depends on it:
// what it uses, and what will differ. Pure; runs in a thread of the import, which adds what only the account
// knows.

import { builtinModules } from 'node:module';
import { findNodeRuntime } from '../../../engines/runtime-codes.ts';
import { deployCommand, packageAdvice } from '../catalog/module-advice.ts';
import { readServerlessJson, SERVERLESS_JSON } from '../catalog/serverless-json.ts';
import { readUsersJson } from '../catalog/users-json.ts';
import { type FolderFile, planFolder } from '../folders/folder-plan.ts';

/** What functions without a package.json of their own may load. */
const PRELOADED_PACKAGES = ['@hubspot/api-client', 'axios', 'request', 'requests', 'form-data'];

export type ReportedEndpoint = {
  path: string;
  methods: string[];
  file: string;
  secrets: string[];
  /** Its file is there. */
  has_file: boolean;
};

export type FolderReport = {
  folder: string;
  files: number;
  /** As its serverless.json says; null: it says nothing. */
  declared_runtime: string | null;
  /** What it will run on. */
  runtime: string;
  endpoints: ReportedEndpoint[];
  secrets: string[];
  environment: string[];
  packages: {
    /** Loaded and there from the beginning. */
    preloaded: string[];
    /** In its own package.json. */
    declared: string[];
    /** Loaded, and nowhere to be found. */
    missing: string[];
  };
  /** Why nothing of it can be live. */
  problems: string[];
  /** What is not as it was. */
  differences: string[];
};

const LOADS =
  /\b(?:require|import)\s*\(\s*['"`]([^'"`\n]+)['"`]\s*\)|\bfrom\s*['"]([^'"\n]+)['"]|\bimport\s+['"]([^'"\n]+)['"]/g;
const BUILTIN = new Set(builtinModules);

/** @param folder its path */
export function reportFolder(folder: string, files: readonly FolderFile[]): FolderReport {
  const text = files.find(({ name }) => name === SERVERLESS_JSON)?.content.toString();
  const { config, problems } = readServerlessJson(text ?? '');
  const reading = planFolder(files);
  const plan = reading.kind === 'plan' ? reading.plan : null;
  const code = files.filter(({ name }) => /\.[cm]?js$/.test(name) && !name.includes('node_modules/'));
  const report: FolderReport = {
    folder,
    files: files.length,
    declared_runtime: config.runtime,
    runtime: plan?.runtime ?? 'nodejs20.x',
    endpoints: config.endpoints.map(({ path, methods, file, secretNames }) => ({
      ...{ path, methods, file, secrets: secretNames },
      has_file: plan?.endpoints.some((live) => live.path === path) ?? false,
    })),
    secrets: unique(config.endpoints.flatMap(({ secretNames }) => secretNames)),
    environment: unique(config.endpoints.flatMap(({ environment }) => Object.keys(environment))),
    packages: packagesOf(files, code),
    problems:
      text === undefined
        ? ['there is no serverless.json: the folder makes no endpoints']
        : problems.map(({ message, line }) => (line === null ? message : `line ${line}: ${message}`)),
    differences: [],
  };
  report.differences = differencesOf(report, code);
  return report;
}

function packagesOf(files: readonly FolderFile[], code: readonly FolderFile[]): FolderReport['packages'] {
  const declared = declaredPackages(files);
  const loaded = unique(code.flatMap(({ content }) => loadedPackages(content.toString())));
  const inside = new Set(
    files.flatMap(({ name }) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1] ?? []),
  );
  // A package.json replaces the preloaded ones.
  const known = declared === null ? PRELOADED_PACKAGES : declared;
  return {
    preloaded: declared === null ? loaded.filter((name) => PRELOADED_PACKAGES.includes(name)) : [],
    declared: declared ?? [],
    missing: loaded.filter((name) => !known.includes(name) && !inside.has(name)),
  };
}

/** @returns null where there is no package.json */
function declaredPackages(files: readonly FolderFile[]): string[] | null {
  const content = files.find(({ name }) => name === 'package.json')?.content;
  if (content === undefined) return null;
  try {
    const { dependencies } = readUsersJson(content) as { dependencies?: unknown };
    return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies).sort() : [];
  } catch {
    return [];
  }
}

function loadedPackages(code: string): string[] {
  const names = new Set<string>();
  for (const [, called, from, bare] of code.matchAll(LOADS)) {
    const name = called ?? from ?? bare ?? '';
    if (/^[./]/.test(name) || name.startsWith('node:') || name.includes('${')) continue;
    const [first = '', second = ''] = name.split('/');
    const packageName = first.startsWith('@') ? `${first}/${second}` : first;
    if (!BUILTIN.has(packageName) && /^(@[\w.-]+\/)?[\w.-]+$/.test(packageName)) names.add(packageName);
  }
  return [...names];
}

function differencesOf(report: FolderReport, code: readonly FolderFile[]): string[] {
  const { folder, declared_runtime: declared, runtime, packages, endpoints } = report;
  const says = (what: RegExp): boolean => code.some(({ content }) => what.test(content.toString()));
  const differences: (string | null)[] = [
    runtimeDifference(declared, runtime),
    ...endpoints
      .filter(({ has_file }) => !has_file && report.problems.length === 0)
      .map(
        ({ path, file }) =>
          `${path}: the file ${file} is not there, so it stays without an answer (404) until it is`,
      ),
    packages.declared.length === 0
      ? null
      : `it has a package.json: the import installs its packages, and later changes of it need ${deployCommand(folder)}`,
    ...packages.missing.map(
      (name) =>
        `it loads ${name}, which is neither preloaded nor in a package.json. What to do: ${packageAdvice(name, folder)}`,
    ),
    says(/context\.contact\b/)
      ? 'it reads context.contact: say who visitors are by MILLRACE_CONTACT_KEY or MILLRACE_CONTACT_URL, else it is null'
      : null,
    says(/hs-sites\.com|hubspotpagebuilder|hs-scripts\.com/)
      ? 'its code names a host of HubSpot’s: look whether that should change, too'
      : null,
  ];
  return differences.filter((difference) => difference !== null);
}

function runtimeDifference(declared: string | null, runtime: string): string | null {
  const found = findNodeRuntime(runtime);
  const engine = found === null || found === 'other_language' ? runtime : `Node ${found.engineMajor}`;
  if (declared === null) return `it names no runtime: it runs on ${engine}`;
  return declared === runtime ? null : `it names ${declared}, which is retired: it runs on ${engine}`;
}

export type Mention = { file: string; line: number; text: string };

/** Where pages and scripts call endpoints: what may have to name another host. */
export function findMentions(files: readonly { path: string; content: Buffer }[]): Mention[] {
  const mentions: Mention[] = [];
  for (const { path, content } of files) {
    if (!/\.(html?|js|css|json|txt|md)$/i.test(path) || content.length > 1_000_000) continue;
    if (!content.includes('/_hcms/api/') && !content.includes('/hs/serverless/')) continue;
    for (const [at, line] of content.toString().split('\n').entries()) {
      const column = line.search(/\/_hcms\/api\/|\/hs\/serverless\//);
      if (column === -1) continue;
      mentions.push({
        file: path,
        line: at + 1,
        text: line.slice(Math.max(0, column - 60), column + 100).trim(),
      });
      if (mentions.length >= MOST_MENTIONS) return mentions;
    }
  }
  return mentions;
}
const MOST_MENTIONS = 500;

function unique(names: string[]): string[] {
  return [...new Set(names)].sort();
}
