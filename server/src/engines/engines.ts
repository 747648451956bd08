// What runs functions on this machine: Node engines, installed when one is first asked for, the Pythons, Javas and .NET runtimes that
// were found at the start, and what functions bring along.
// Chooses the engine of a runtime code. Called by what starts a function or shows what runs it.

import { type FoundDotnets, findDotnet } from '../../../contract/dotnets.ts';
import {
  type EngineName,
  type Language,
  languageOf,
  nodeEngine,
  nodeMajor,
} from '../../../contract/engine-name.ts';
import { type FoundJavas, findJava } from '../../../contract/javas.ts';
import { type FoundPython, minorOf } from '../../../contract/pythons.ts';
import { fail } from '../errors/failure.ts';
import { chooseDotnet } from './choose-dotnet.ts';
import { chooseJava } from './choose-java.ts';
import type { DotnetInstaller } from './dotnet-installer.ts';
import type { EngineInstaller } from './engine-installer.ts';
import type { JavaInstaller } from './java-installer.ts';
import { findRuntime, knownRuntimeCodes, type PythonCode } from './runtime-codes.ts';

export type ChosenEngine = {
  language: Language;
  engine: EngineName;
  /** Exact where it is known, e.g. `3.11.7`. */
  version: string;
  /** Whether that is another version than the code names. */
  substituted: boolean;
};

/** Why no engine of this machine runs a code, and what to do about it. */
export type NoEngine = { problem: string };

export type RuntimeFacts = { code: string } & (ChosenEngine | NoEngine);

export type Engines = {
  /** Synchronous: for the hot path. */
  choose(code: string): ChosenEngine | NoEngine;
  /** Installs the engine unless it is there. @throws Failure `unavailable` naming what is missing and the reason */
  ensure(engine: EngineName): Promise<void>;
  /** Every code that may be named, and what runs it here. */
  runtimes(): RuntimeFacts[];
  /** Every installed Node engine, oldest first. */
  installed: EngineInstaller['installed'];
};

type Parts = {
  installer: EngineInstaller;
  pythons: readonly Pick<FoundPython, 'version' | 'exact'>[];
  dotnets: FoundDotnets;
  dotnetInstaller: Pick<DotnetInstaller, 'ensure'>;
  javas: FoundJavas;
  javaInstaller: Pick<JavaInstaller, 'ensure'>;
};

/** The program is the function's own, in whatever version. */
const PROVIDED: ChosenEngine = {
  ...{ language: 'provided', engine: 'provided', version: 'its own', substituted: false },
};

export function openEngines({ installer, pythons, ...found }: Parts): Engines {
  const { javas, javaInstaller, dotnets, dotnetInstaller } = found;
  const choose: Engines['choose'] = (code) => {
    const runtime = findRuntime(code);
    if (runtime === null || runtime === 'other_language')
      return { problem: `there is no runtime ${code} on this installation` };
    if (runtime.language === 'python') return choosePython(runtime, pythons);
    if (runtime.language === 'dotnet') return chooseDotnet(runtime, dotnets);
    if (runtime.language === 'java') return chooseJava(runtime, javas);
    if (runtime.language === 'provided') return PROVIDED;
    const { engineMajor: major, substituted } = runtime;
    const version = installer.version(major) ?? String(major);
    return { language: 'node', engine: nodeEngine(major), version, substituted };
  };
  return {
    choose,
    async ensure(engine) {
      if (languageOf(engine) === 'node') await installer.ensure(nodeMajor(engine));
      else if (languageOf(engine) === 'dotnet') await dotnetInstaller.ensure(findDotnet(engine, dotnets));
      else if (languageOf(engine) === 'java') await javaInstaller.ensure(findJava(engine, javas));
      else if (
        languageOf(engine) === 'python' &&
        !pythons.some(({ version }) => engine === `python-${version}`)
      )
        fail('unavailable', { message: `there is no ${engine} on this machine` });
    },
    runtimes: () => knownRuntimeCodes().map(({ code }) => ({ code, ...choose(code) })),
    installed: () => installer.installed(),
  };
}

/** The version that the code names, or the nearest newer one: what was written for an older one runs there with the fewest changes. */
function choosePython(runtime: PythonCode, pythons: Parts['pythons']): ChosenEngine | NoEngine {
  const { version } = runtime;
  const least = version.startsWith('2.') ? 0 : minorOf(version);
  const found = pythons.find((python) => minorOf(python.version) >= least);
  if (found === undefined) return { problem: noPython(runtime, pythons) };
  return {
    ...{ language: 'python', engine: `python-3.${minorOf(found.version)}`, version: found.exact },
    substituted: found.version !== version,
  };
}

function noPython({ code, version }: PythonCode, pythons: Parts['pythons']): string {
  const there = pythons.map((python) => python.version).join(', ');
  return there === ''
    ? `${code} needs Python 3.8 or later, and this machine has none: install the package python3 and restart Millrace`
    : `${code} needs Python ${version} or later, and this machine has ${there}: install it (PATH, pyenv and uv are looked at) and restart Millrace`;
}
