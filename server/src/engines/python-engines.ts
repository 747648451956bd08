// Which Python of this machine runs a code, and what is missing where none does. Pure. Called by engines.ts.
import { type FoundPython, minorOf } from '../../../contract/pythons.ts';
import { fail } from '../errors/failure.ts';
import type { ChosenEngine, LanguageEngines, NoEngine } from './engines.ts';
import type { VersionedCode } from './runtime-codes.ts';

export type Pythons = readonly Pick<FoundPython, 'version' | 'exact'>[];

export function createPythonEngines(pythons: Pythons): LanguageEngines<VersionedCode> {
  return {
    choose: (runtime) => choosePython(runtime, pythons),
    async ensure(engine) {
      if (pythons.some(({ version }) => engine === `python-${version}`)) return;
      fail('unavailable', { message: `there is no ${engine} on this machine` });
    },
  };
}

/**
 * The version that the code names, or the nearest newer one: what was written for an older one runs there
 * with the fewest changes.
 */
function choosePython(runtime: VersionedCode, pythons: Pythons): ChosenEngine | NoEngine {
  const { version } = runtime;
  const least = version.startsWith('2.') ? 0 : minorOf(version);
  const found = pythons.find((python) => minorOf(python.version) >= least);
  if (found === undefined) return { problem: noPython(runtime, pythons) };
  return {
    ...{ language: 'python', engine: `python-3.${minorOf(found.version)}`, version: found.exact },
    substituted: found.version !== version,
  };
}

function noPython({ code, version }: VersionedCode, pythons: Pythons): string {
  const there = pythons.map((python) => python.version).join(', ');
  return there === ''
    ? `${code} needs Python 3.8 or later, and this machine has none: install the package python3 and restart Millrace`
    : `${code} needs Python ${version} or later, and this machine has ${there}: install it (PATH, pyenv and uv are looked at) and restart Millrace`;
}
