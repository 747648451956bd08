// What runs functions on this machine: Node engines, installed when one is first asked for, the Pythons,
// Javas and .NET runtimes that were found at the start, and what functions bring along. Chooses the engine of
// a runtime code. Called by what starts a function or shows what runs it.
import type { FoundDotnets } from '../../../contract/dotnets.ts';
import { type EngineName, type Language, languageOf } from '../../../contract/engine-name.ts';
import type { FoundJavas } from '../../../contract/javas.ts';
import { createDotnetEngines } from './dotnet-engines.ts';
import type { DotnetInstaller } from './dotnet-installer.ts';
import type { EngineInstaller } from './engine-installer.ts';
import { createJavaEngines } from './java-engines.ts';
import type { JavaInstaller } from './java-installer.ts';
import { createNodeEngines } from './node-engines.ts';
import { createPythonEngines, type Pythons } from './python-engines.ts';
import { type CodeOf, findRuntime, knownRuntimeCodes, type RuntimeCode } from './runtime-codes.ts';

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

export type RuntimeFacts = { code: string; language: Language } & (ChosenEngine | NoEngine);

export type Engines = {
  /** Synchronous: for the hot path. */
  choose(code: string): ChosenEngine | NoEngine;
  /**
   * Installs the engine unless it is there. @throws Failure `unavailable` naming what is missing and the
   * reason
   */
  ensure(engine: EngineName): Promise<void>;
  /** Every code that may be named, and what runs it here. */
  runtimes(): RuntimeFacts[];
  /** Every installed Node engine, oldest first. */
  installed: EngineInstaller['installed'];
};

type Parts = {
  installer: EngineInstaller;
  pythons: Pythons;
  dotnets: FoundDotnets;
  dotnetInstaller: Pick<DotnetInstaller, 'ensure'>;
  javas: FoundJavas;
  javaInstaller: Pick<JavaInstaller, 'ensure'>;
};

/** What of one language this machine runs. */
export type LanguageEngines<Code extends RuntimeCode> = {
  choose(runtime: Code): ChosenEngine | NoEngine;
  /** Makes the engine ready. @throws Failure `unavailable` naming what is missing and the reason */
  ensure(engine: EngineName): Promise<unknown>;
};

/** The program is the function's own, in whatever version. */
const PROVIDED_ENGINES: LanguageEngines<CodeOf['provided']> = {
  choose: () => ({ language: 'provided', engine: 'provided', version: 'its own', substituted: false }),
  ensure: () => Promise.resolve(),
};

export function openEngines(parts: Parts): Engines {
  const { installer } = parts;
  const languages: { [L in Language]: LanguageEngines<CodeOf[L]> } = {
    node: createNodeEngines(installer),
    python: createPythonEngines(parts.pythons),
    java: createJavaEngines(parts.javas, parts.javaInstaller),
    dotnet: createDotnetEngines(parts.dotnets, parts.dotnetInstaller),
    provided: PROVIDED_ENGINES,
  };
  const choose: Engines['choose'] = (code) => {
    const runtime = findRuntime(code);
    if (runtime === null || runtime === 'other_language')
      return { problem: `there is no runtime ${code} here; there are ${allCodes()}` };
    // A code is chosen for by its own language.
    const language: LanguageEngines<RuntimeCode> = languages[runtime.language];
    return language.choose(runtime);
  };
  return {
    choose,
    ensure: async (engine) => void (await languages[languageOf(engine)].ensure(engine)),
    runtimes: () => knownRuntimeCodes().map(({ code, language }) => ({ code, language, ...choose(code) })),
    installed: () => installer.installed(),
  };
}

function allCodes(): string {
  return knownRuntimeCodes()
    .map(({ code }) => code)
    .join(', ');
}
