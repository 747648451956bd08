// Which .NET of this machine runs a code, what is missing where none does, and how that is said. Pure. Called
// by engines.ts, and by what starts or reports engines.
import { type FoundDotnets, findDotnet } from '../../../contract/dotnets.ts';
import type { DotnetInstaller } from './dotnet-installer.ts';
import type { ChosenEngine, LanguageEngines, NoEngine } from './engines.ts';
import type { VersionedCode } from './runtime-codes.ts';

export function createDotnetEngines(
  dotnets: FoundDotnets,
  installer: Pick<DotnetInstaller, 'ensure'>,
): LanguageEngines<VersionedCode> {
  return {
    choose: (runtime) => chooseDotnet(runtime, dotnets),
    ensure: (engine) => installer.ensure(findDotnet(engine, dotnets)),
  };
}

/** The version that the code names, or the nearest newer one, which .NET itself calls roll-forward. */
function chooseDotnet({ code, version }: VersionedCode, dotnets: FoundDotnets): ChosenEngine | NoEngine {
  const wanted = Math.floor(Number(version));
  const found = dotnets.engines.find((engine) => Number(engine.version) >= wanted);
  if (found === undefined) return { problem: noDotnet(code, wanted, dotnets.engines) };
  if (dotnets.compiler === null) {
    const problem = `${code} would run on .NET ${found.exact}, and takes the compiler of an SDK once: install the .NET SDK and restart Millrace`;
    return { problem };
  }
  return {
    ...{ language: 'dotnet', engine: `dotnet-${Number(found.version)}`, version: found.exact },
    substituted: Number(found.version) !== wanted,
  };
}

/** For the log of the start and the doctor. */
export function describeDotnets({ engines, compiler }: FoundDotnets): string {
  if (engines.length === 0) return 'none: install the .NET SDK for functions in C#';
  const found = engines.map(({ exact }) => exact).join(', ');
  return compiler === null ? `${found}, and no SDK: functions in C# need its compiler, install it` : found;
}

function noDotnet(code: string, wanted: number, engines: FoundDotnets['engines']): string {
  if (engines.length === 0)
    return `${code} needs .NET 6 or later, and this machine has none: install the .NET SDK and restart Millrace`;
  const there = engines.map(({ version }) => version).join(', ');
  return `${code} needs .NET ${wanted} or later, and this machine has ${there}: install the .NET SDK ${wanted} (PATH, DOTNET_ROOT and ~/.dotnet are looked at) and restart Millrace`;
}
