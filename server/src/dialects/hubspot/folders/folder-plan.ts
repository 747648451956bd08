// What a folder's files mean: which endpoints they make, of which code. Pure: folder-deployer.ts does it.

import { posix } from 'node:path';
import { endpointRuntime } from '../catalog/endpoint-runtime.ts';
import { type DeclaredEndpoint, readServerlessJson, SERVERLESS_JSON } from '../catalog/serverless-json.ts';
import { readUsersJson } from '../catalog/users-json.ts';
import type { FileProblem } from '../frame/cli-envelope.ts';

/** A file of the folder; `name` is below it. */
export type FolderFile = { name: string; content: Buffer };

export type PlannedEndpoint = DeclaredEndpoint & {
  /** `<module>.<export>`, as the runtime wants it. */
  handler: string;
};

export type FolderPlan = {
  runtime: string;
  /** Those whose file is there. */
  endpoints: PlannedEndpoint[];
  /** What becomes /var/task. */
  code: FolderFile[];
  /** Declared ones that lack their file. */
  missing: { path: string; file: string }[];
};

export type FolderReading = { kind: 'plan'; plan: FolderPlan } | { kind: 'broken'; problems: FileProblem[] };

const EXPORT = 'main';

export function planFolder(files: readonly FolderFile[]): FolderReading {
  const configuration = files.find(({ name }) => name === SERVERLESS_JSON);
  if (configuration === undefined) return { kind: 'plan', plan: emptyPlan() };
  const { config, problems } = readServerlessJson(configuration.content.toString());
  if (problems.length > 0) return { kind: 'broken', problems };
  const names = new Set(files.map(({ name }) => name));
  const plan: FolderPlan = { ...emptyPlan(), runtime: endpointRuntime(config.runtime), code: [...files] };
  const isModule = isModuleFolder(files);
  for (const declared of config.endpoints) {
    const file = fileThere(names, declared.file);
    if (file === null) plan.missing.push({ path: declared.path, file: declared.file });
    else plan.endpoints.push({ ...declared, file, handler: handlerOf(file, plan.code, isModule) });
  }
  return { kind: 'plan', plan };
}

function emptyPlan(): FolderPlan {
  return { runtime: endpointRuntime(null), endpoints: [], code: [], missing: [] };
}

function fileThere(names: ReadonlySet<string>, file: string): string | null {
  return [file, `${file}.js`].find((name) => names.has(name)) ?? null;
}

/**
 * A handler's name is cut at the first dot of its last segment: a file with a dot in its name gets an entry
 * beside it that has none, added to `code`.
 */
function handlerOf(file: string, code: FolderFile[], isModule: boolean): string {
  const stem = file.replace(/\.js$/, '');
  if (stem !== file && !posix.basename(stem).includes('.')) return `${stem}.${EXPORT}`;
  const entry = `millrace-entry-${stem.replace(/[^A-Za-z0-9]/g, '-')}`;
  const target = JSON.stringify(`./${file}`);
  const text = isModule ? `export * from ${target};\n` : `module.exports = require(${target});\n`;
  if (!code.some(({ name }) => name === `${entry}.js`)) {
    code.push({ name: `${entry}.js`, content: Buffer.from(text) });
  }
  return `${entry}.${EXPORT}`;
}

/** Whether the folder's package.json makes ES modules of its files. */
function isModuleFolder(files: readonly FolderFile[]): boolean {
  const content = files.find(({ name }) => name === 'package.json')?.content;
  if (content === undefined) return false;
  try {
    return (readUsersJson(content) as { type?: unknown } | null)?.type === 'module';
  } catch {
    return false;
  }
}
