// Which runtime codes an owner may name, and which engine really runs them. Pure.

import { LANGUAGES, type Language } from '../../../contract/engine-name.ts';

/** What is known of a code, by the language that it names. */
export type CodeOf = {
  node: NodeCode;
  python: VersionedCode;
  java: VersionedCode;
  dotnet: VersionedCode;
  provided: ProvidedCode;
};
export type RuntimeCode = CodeOf[Language];

export type NodeCode = {
  /** What the owner wrote, e.g. `nodejs8.10`. */
  code: string;
  language: 'node';
  /** Major version of the engine that runs it. */
  engineMajor: number;
  /** Whether that is another version than the code names. */
  substituted: boolean;
};

/** Which engine runs it depends on the machine: engines.ts. */
export type VersionedCode = {
  /** What the owner wrote, e.g. `python3.6`, `java8.al2`, `dotnetcore2.0`. */
  code: string;
  language: 'python' | 'java' | 'dotnet';
  /** What the code names, e.g. `3.6` or `8`. */
  version: string;
};

/** The function brings its program: nothing else is needed. */
export type ProvidedCode = { code: string; language: 'provided' };

/** The oldest Node that we ship: what the retired runtimes run on. */
export const OLDEST_NODE = 18;
const NODE_MAJORS = [18, 20, 22, 24, 26];

/** Codes of languages whose runtimes are not there, so that a refusal can say so. */
const OTHER_LANGUAGES = /^ruby[0-9.]+$/;

const RETIRED_NODE = [
  'nodejs4.3',
  'nodejs6.10',
  'nodejs8.10',
  'nodejs10.x',
  'nodejs12.x',
  'nodejs14.x',
  'nodejs16.x',
];

const PYTHONS = ['2.7', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];

const JAVAS = ['java8', 'java8.al2', 'java11', 'java17', 'java21', 'java25'];

const DOTNETS = [
  ...['dotnetcore1.0', 'dotnetcore2.0', 'dotnetcore2.1', 'dotnetcore3.1'],
  ...['dotnet5.0', 'dotnet6', 'dotnet7', 'dotnet8', 'dotnet9', 'dotnet10'],
];

const PROVIDED = ['provided', 'provided.al2', 'provided.al2023', 'go1.x'];

/** Of each language, oldest first. */
const CODES: { [L in Language]: readonly CodeOf[L][] } = {
  node: [
    ...RETIRED_NODE.map((code) => nodeCode(code, { engineMajor: OLDEST_NODE, substituted: true })),
    ...NODE_MAJORS.map((major) => nodeCode(`nodejs${major}.x`, { engineMajor: major, substituted: false })),
  ],
  python: PYTHONS.map((version) => ({ code: `python${version}`, language: 'python', version })),
  java: JAVAS.map((code) => ({ code, language: 'java', version: code.replace(/^java|\.al2$/g, '') })),
  dotnet: DOTNETS.map((code) => ({ code, language: 'dotnet', version: code.replace(/^dotnet(core)?/, '') })),
  provided: PROVIDED.map((code) => ({ code, language: 'provided' })),
};

function nodeCode(code: string, runs: Pick<NodeCode, 'engineMajor' | 'substituted'>): NodeCode {
  return { code, language: 'node', ...runs };
}

const KNOWN = new Map(
  LANGUAGES.flatMap((language): readonly RuntimeCode[] => CODES[language]).map((runtime) => [
    runtime.code,
    runtime,
  ]),
);

/** Every code that is accepted: by language, oldest first. */
export function knownRuntimeCodes(): RuntimeCode[] {
  return [...KNOWN.values()];
}

/**
 * @returns the runtime, `other_language` for a real code of a language that we don't run, or null for
 * nonsense
 */
export function findRuntime(code: string): RuntimeCode | 'other_language' | null {
  const known = KNOWN.get(code);
  if (known !== undefined) return known;
  return OTHER_LANGUAGES.test(code) ? 'other_language' : null;
}

/**
 * For what only JavaScript has, packages from npm for one. @returns as {@link findRuntime}, where Python is
 * another language
 */
export function findNodeRuntime(code: string): NodeCode | 'other_language' | null {
  const found = findRuntime(code);
  return found !== null && found !== 'other_language' && found.language !== 'node' ? 'other_language' : found;
}
