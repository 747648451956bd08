// The .NET that the conformance suite runs on, and the handlers of dotnet-handlers/ compiled for it, once and
// all together. Used by tests alone: the suite of this folder, and those that upload the same handlers.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pino from 'pino';
import type { FoundDotnets } from '../../contract/dotnets.ts';
import { findDotnets } from '../../launcher/find-dotnets.ts';
import { openDotnetInstaller } from '../../server/src/engines/dotnet-installer.ts';
import { RuntimeProcess, type Settings } from './runtime-process.ts';

const sourcesDir = fileURLToPath(new URL('./dotnet-handlers', import.meta.url));
const buildDir = fileURLToPath(new URL('../../build', import.meta.url));
const enginesDir = process.env.MILLRACE_ENGINES_DIR ?? path.join(buildDir, 'engines');

export const dotnets: FoundDotnets = findDotnets(process.env);
/** What the suite runs on: the newest of this machine. */
export const newestDotnet = dotnets.engines.at(-1);

/** Why nothing of .NET can be tested on this machine; false: it can. */
export const noDotnet: string | false =
  (newestDotnet === undefined || dotnets.compiler === null) &&
  'there is no .NET SDK on this machine: install it (a package such as dotnet-sdk-10.0, or the dotnet-install script)';

/** Compiles C# files as a package's assembly. @param references assemblies of the package's own */
export async function compile(
  file: string,
  sources: string[],
  references: string[] = [],
  target: 'library' | 'exe' = 'library',
): Promise<void> {
  const { compiler } = dotnets;
  if (compiler === null) throw new Error('there is no compiler');
  const packs = path.join(compiler.root, 'packs/Microsoft.NETCore.App.Ref');
  const pack = readdirSync(packs)
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
  const framework = path.join(packs, pack ?? '', 'ref', `net${pack?.split('.')[0]}.0`);
  const all = readdirSync(framework).filter((name) => name.endsWith('.dll'));
  const used = [...all.map((name) => path.join(framework, name)), ...references];
  await promisify(execFile)(
    path.join(compiler.root, 'dotnet'),
    [
      ...['exec', path.join(compiler.root, compiler.file), '-nologo', '-noconfig', '-nostdlib'],
      ...[`-target:${target}`, '-debug:portable', '-optimize+', `-out:${file}`],
      ...used.map((name) => `-reference:${name}`),
      ...sources,
    ],
    { cwd: path.dirname(file) },
  );
}

/**
 * Folder with the handlers' assemblies, as a package has them: Zoo.dll beside its Amazon.Lambda.Core.dll, and
 * a program.
 */
export async function compiledHandlers(): Promise<string> {
  const [coreSources, zooSources, programSources] = ['core', 'zoo', 'program'].map(sourcesIn) as [
    string[],
    string[],
    string[],
  ];
  const hash = createHash('sha256').update(newestDotnet?.exact ?? '');
  for (const file of [...coreSources, ...zooSources, ...programSources]) hash.update(readFileSync(file));
  const folder = path.join(buildDir, `dotnet-zoo-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const incoming = `${folder}.${process.pid}`;
  mkdirSync(incoming, { recursive: true });
  const coreFile = path.join(incoming, 'Amazon.Lambda.Core.dll');
  await compile(coreFile, coreSources);
  await compile(path.join(incoming, 'Zoo.dll'), zooSources, [coreFile]);
  await compile(path.join(incoming, 'Looping.dll'), programSources, [], 'exe');
  // As a package of an older .NET has it.
  const framework = { name: 'Microsoft.NETCore.App', version: '6.0.0' };
  const config = { runtimeOptions: { tfm: 'net6.0', framework } };
  writeFileSync(path.join(incoming, 'Looping.runtimeconfig.json'), JSON.stringify(config));
  try {
    renameSync(incoming, folder);
  } catch {
    // Another test's process was faster.
    rmSync(incoming, { recursive: true, force: true });
  }
  return folder;
}

function sourcesIn(name: string): string[] {
  const folder = path.join(sourcesDir, name);
  return readdirSync(folder)
    .sort()
    .map((file) => path.join(folder, file));
}

export type StartDotnet = (handler: string, settings?: Settings) => RuntimeProcess;

let prepared: Promise<{ engine: string; taskRoot: string }> | null = null;

async function prepare(): Promise<{ engine: string; taskRoot: string }> {
  if (newestDotnet === undefined) throw new Error('there is no .NET');
  const installer = openDotnetInstaller({ enginesDir, dotnets, log: pino({ level: 'silent' }) });
  const [taskRoot] = await Promise.all([compiledHandlers(), installer.ensure(newestDotnet)]);
  return { engine: path.join(enginesDir, newestDotnet.folder, 'dotnet'), taskRoot };
}

/** Declares a test; without a .NET it is skipped, and says so. What is started is ended when the test is. */
export function testOnDotnet(title: string, body: (start: StartDotnet) => Promise<void>): void {
  test(`.NET ${newestDotnet?.version}: ${title}`, { timeout: 60_000, skip: noDotnet }, async (t) => {
    prepared ??= prepare();
    const found = await prepared;
    const started: RuntimeProcess[] = [];
    t.signal.addEventListener('abort', () => {
      for (const runtime of started) void runtime.kill();
    });
    const start: StartDotnet = (handler, settings = {}) => {
      const runtime = new RuntimeProcess(handler, { ...found, language: 'dotnet', ...settings });
      started.push(runtime);
      return runtime;
    };
    try {
      await body(start);
    } finally {
      await Promise.all(started.map((runtime) => runtime.kill()));
    }
  });
}
