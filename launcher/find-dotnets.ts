// Looks for the .NET runtimes and SDKs of this machine where people have them: PATH, DOTNET_ROOT, the
// distribution, the home of the user that starts Millrace. Looks at folders alone and runs nothing. Reports
// only what root or that user owns alone. Called by the launcher, once, before anything serves.
import { statSync } from 'node:fs';
import path from 'node:path';
import { dotnetFolder } from '../contract/dotnet-host.ts';
import type { FoundCompiler, FoundDotnet, FoundDotnets } from '../contract/dotnets.ts';
import { canonical, compareVersions, isOwned, listed } from './found-places.ts';

/** The oldest that the host runs on. */
const OLDEST_DOTNET = 6;

const VERSION = /^\d+\.\d+\.\d+$/;
const COMPILER = 'Roslyn/bincore/csc.dll';
const ICU = /^libicuuc\.so\.\d+$/;
const LIBRARIES = ['/usr/lib', '/usr/lib64', '/lib', '/lib64'];
const ICU_PLACES = [...LIBRARIES, ...['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']];

/** @param env of the process that looks: PATH, DOTNET_ROOT and HOME */
export function findDotnets(env: NodeJS.ProcessEnv): FoundDotnets {
  const roots = [...new Set(placesOf(env).map(canonical))].filter(isTrusted);
  const best = new Map<string, FoundDotnet>();
  for (const engine of roots.flatMap(enginesIn)) {
    const other = best.get(engine.version);
    if (other === undefined || compareVersions(engine.exact, other.exact) > 0)
      best.set(engine.version, engine);
  }
  return {
    engines: [...best.values()].sort((one, other) => compareVersions(one.exact, other.exact)),
    compiler: compilerIn(roots),
    hasIcu: ICU_PLACES.some((folder) => listed(folder).some((name) => ICU.test(name))),
  };
}

function placesOf({ PATH = '', DOTNET_ROOT, HOME }: NodeJS.ProcessEnv): string[] {
  const commands = PATH.split(path.delimiter).map((folder) => path.join(folder, 'dotnet'));
  const linked = commands
    .filter((file) => path.isAbsolute(file))
    .map((file) => path.dirname(canonical(file)));
  const usual = [
    '/usr/share/dotnet',
    '/usr/lib/dotnet',
    '/usr/lib64/dotnet',
    '/usr/local/share/dotnet',
    '/opt/dotnet',
  ];
  const own = [DOTNET_ROOT, HOME === undefined ? undefined : path.join(HOME, '.dotnet')];
  return [
    ...linked,
    ...usual,
    ...own.filter((folder) => folder !== undefined && path.isAbsolute(folder)),
  ] as string[];
}

function enginesIn(root: string): FoundDotnet[] {
  const host = newest(path.join(root, 'host/fxr'));
  if (host === null || !isThere(path.join(root, 'dotnet'))) return [];
  return versionsIn(path.join(root, 'shared/Microsoft.NETCore.App'))
    .filter((exact) => Number(exact.split('.')[0]) >= OLDEST_DOTNET)
    .map((exact) => {
      const web = `shared/Microsoft.AspNetCore.App/${exact}`;
      return {
        ...{ version: String(Number(exact.split('.')[0])), exact, root, folder: dotnetFolder(exact) },
        parts: [
          ...['dotnet', `host/fxr/${host}`, `shared/Microsoft.NETCore.App/${exact}`],
          ...(isThere(path.join(root, web)) ? [web] : []),
        ],
      };
    });
}

/** The newest of all SDKs, as it compiles for every version. */
function compilerIn(roots: readonly string[]): FoundCompiler | null {
  const found = roots.flatMap((root) =>
    versionsIn(path.join(root, 'sdk')).map((sdk) => ({ root, sdk, file: path.join('sdk', sdk, COMPILER) })),
  );
  const usable = found.filter(({ root, file }) => isThere(path.join(root, file)));
  const [best] = usable.sort((one, other) => compareVersions(other.sdk, one.sdk));
  return best === undefined ? null : { root: best.root, file: best.file };
}

function versionsIn(folder: string): string[] {
  return listed(folder).filter((name) => VERSION.test(name));
}

function newest(folder: string): string | null {
  return versionsIn(folder).sort(compareVersions).at(-1) ?? null;
}

function isThere(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false }) !== undefined;
}

/** Whether nobody but root and this user can have put there what the server copies and runs. */
function isTrusted(root: string): boolean {
  return [root, path.join(root, 'dotnet'), path.join(root, 'shared')].every(isOwned);
}
