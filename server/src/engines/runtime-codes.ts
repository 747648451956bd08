// Which runtime codes an owner may name, and which engine really runs them. Pure.

export type RuntimeCode = {
  /** What the owner wrote, e.g. `nodejs8.10`. */
  code: string;
  language: 'node';
  /** Major version of the engine that runs it. */
  engineMajor: number;
  /** Whether that is another version than the code names. */
  substituted: boolean;
};

/** The oldest Node that we ship: what the retired runtimes run on. */
export const OLDEST_NODE = 18;
const NODE_MAJORS = [18, 20, 22, 24, 26];

/** Codes of languages whose runtimes are not there, so that a refusal can say so. */
const OTHER_LANGUAGES = /^(java8|java[0-9]+|python[0-9.]+|dotnetcore[0-9.]+|dotnet[0-9]+|go1\.x)$/;

const RETIRED_NODE = [
  'nodejs4.3',
  'nodejs6.10',
  'nodejs8.10',
  'nodejs10.x',
  'nodejs12.x',
  'nodejs14.x',
  'nodejs16.x',
];

/** Every code that is accepted, oldest first. */
export function knownRuntimeCodes(): RuntimeCode[] {
  return [
    ...RETIRED_NODE.map((code) => ({
      code,
      language: 'node' as const,
      engineMajor: OLDEST_NODE,
      substituted: true,
    })),
    ...NODE_MAJORS.map((major) => ({
      code: `nodejs${major}.x`,
      language: 'node' as const,
      engineMajor: major,
      substituted: false,
    })),
  ];
}

/** @returns the runtime, `other_language` for a real code of a language that we don't run, or null for nonsense */
export function findRuntime(code: string): RuntimeCode | 'other_language' | null {
  const known = knownRuntimeCodes().find((candidate) => candidate.code === code);
  if (known !== undefined) return known;
  return OTHER_LANGUAGES.test(code) ? 'other_language' : null;
}
