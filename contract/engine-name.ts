// How an engine is named wherever one is asked for: its language and the version that its language counts by.
// Pure. The supervisor reads it too.

/**
 * Node, Java and .NET by their major versions, Python by its minor: `node-20`, `java-17`, `dotnet-8`,
 * `python-3.11`. `provided`: the function brings a program of its own, and has a Node beside it that serves
 * it Lambda's Runtime API.
 */
export type EngineName =
  | `node-${number}`
  | `python-3.${number}`
  | `java-${number}`
  | `dotnet-${number}`
  | 'provided';

/** Each has a folder in runtimes/. */
export const LANGUAGES = ['node', 'python', 'java', 'dotnet', 'provided'] as const;
export type Language = (typeof LANGUAGES)[number];

type LanguageFacts = {
  /** What may follow its name in an engine's, as a pattern. */
  versions: string;
  /** Whether its process can be started before there is a function. */
  waitsBlank: boolean;
};

const FACTS: Record<Language, LanguageFacts> = {
  node: { versions: '-(1[89]|[2-9][0-9])', waitsBlank: true },
  python: { versions: '-3\\.([89]|[1-9][0-9])', waitsBlank: true },
  // It can't go to a function's folder later.
  java: { versions: '-(1[1-9]|[2-9][0-9])', waitsBlank: false },
  dotnet: { versions: '-([6-9]|[1-9][0-9])', waitsBlank: true },
  provided: { versions: '', waitsBlank: true },
};

/** Of all engines that may be asked for. */
export const ENGINE_NAME = new RegExp(
  `^(${LANGUAGES.map((language) => language + FACTS[language].versions).join('|')})$`,
);

export function canWaitBlank(engine: EngineName): boolean {
  return FACTS[languageOf(engine)].waitsBlank;
}

export function nodeEngine(major: number): EngineName {
  return `node-${major}`;
}

export function languageOf(engine: EngineName): Language {
  return engine.split('-')[0] as Language;
}

/** @returns what follows the language: of Python as its folders are named, e.g. `3.11` */
export function versionOf(engine: EngineName): string {
  return engine.slice(engine.indexOf('-') + 1);
}

/** @returns the major version of a Node engine */
export function nodeMajor(engine: EngineName): number {
  return Number(versionOf(engine));
}
