// Decides which packages may be asked for, and in which versions. Pure. Called by dialects and the API before
// they ask for a build.
import semver from 'semver';
import { Failure, fail } from '../errors/failure.ts';

export type PackageRules = {
  /** Names that may be asked for. */
  allowed: readonly string[] | '*';
  /** Wrong spellings of a name -> the right one. */
  aliases?: Readonly<Record<string, string>>;
};

const MOST_PACKAGES = 100;
const NAME_CHARACTERS = 214;
const RANGE_CHARACTERS = 100;
/** As npm's registry takes them today, and the capitals of some old ones. */
const NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

/**
 * @param dependencies {name: range} as the owner wrote it
 * @param field the owner's word for it
 * @returns name and range, aliases resolved, in the order of names
 * @throws Failure `invalid_input` with every problem at once
 */
export function checkDependencies(
  dependencies: unknown,
  rules: PackageRules,
  field: string,
): Record<string, string> {
  if (dependencies === null || typeof dependencies !== 'object' || Array.isArray(dependencies)) {
    fail('invalid_input', { message: `${field} must be an object: {"name": "version"}`, field });
  }
  const asked = Object.entries(dependencies);
  if (asked.length > MOST_PACKAGES) {
    fail('invalid_input', { message: `there may be ${MOST_PACKAGES} packages at most`, field });
  }
  const problems = asked.flatMap(([name, range]) => packageProblems(name, range, rules));
  const checked = new Map<string, string>();
  for (const [name, range] of asked) {
    const right = rightName(name, rules);
    if (checked.has(right)) problems.push(`${right} is there twice`);
    checked.set(right, String(range).trim() || '*');
  }
  if (problems.length > 0) fail('invalid_input', { message: problems.join('; '), field });
  return Object.fromEntries([...checked].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The same, for a caller that reports other problems with it. @returns the rule that is broken; null: all is
 * well
 */
export function dependencyProblem(dependencies: Record<string, string>, rules: PackageRules): string | null {
  try {
    checkDependencies(dependencies, rules, 'dependencies');
    return null;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

function packageProblems(name: string, range: unknown, rules: PackageRules): string[] {
  if (name.length > NAME_CHARACTERS || !NAME.test(name)) {
    return [`${JSON.stringify(name.slice(0, NAME_CHARACTERS))} is no name of a package`];
  }
  const right = rightName(name, rules);
  const problems = rules.allowed === '*' || rules.allowed.includes(right) ? [] : [notAllowed(name, rules)];
  return isRange(range) ? problems : [...problems, badRange(name, range)];
}

function rightName(name: string, { aliases = {} }: PackageRules): string {
  return Object.hasOwn(aliases, name) ? (aliases[name] as string) : name;
}

function isRange(range: unknown): boolean {
  if (typeof range !== 'string' || range.length > RANGE_CHARACTERS) return false;
  return range.trim() === 'latest' || semver.validRange(range) !== null;
}

function badRange(name: string, range: unknown): string {
  const shown = typeof range === 'string' ? JSON.stringify(range.slice(0, RANGE_CHARACTERS)) : String(range);
  return `${name}: ${shown} is no version; it must be one such as 1.2.3, a range such as ^1.2.0, or latest`;
}

function notAllowed(name: string, rules: PackageRules): string {
  const near = nearestName(name, rules);
  return `${name} is not among the packages that functions may have${near === null ? '' : `; did you mean ${near}?`}`;
}

function nearestName(name: string, { allowed, aliases = {} }: PackageRules): string | null {
  if (allowed === '*') return null;
  const bare = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const spellings = [...allowed.map((one) => [one, one]), ...Object.entries(aliases)] as [string, string][];
  const ranked = spellings
    .map(([spelling, right]) => ({ right, steps: editDistance(bare(name), bare(spelling)), spelling }))
    .sort((one, other) => one.steps - other.steps);
  const [best] = ranked;
  return best !== undefined && best.steps <= Math.max(2, best.spelling.length / 4) ? best.right : null;
}

/** Letters to insert, remove or exchange to come from one to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const exchange = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(exchange, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
