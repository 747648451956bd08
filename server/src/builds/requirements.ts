// Reads the requirements.txt of a function in Python: which lines a build takes, what they ask for, and
// whether the code has it all already. Pure. Called by what takes in code.
import { fail } from '../errors/failure.ts';

const MOST_LINES = 500;
const LINE_CHARACTERS = 1000;
const MOST_BYTES = 256 * 1024;
const MOST_SHOWN = 10;
const NAME = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[A-Za-z0-9._,\s-]*\])?/;
const SPECIFIER = /^\(?\s*((===|~=|==|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+\s*,?\s*)*\)?$/;
const HASH = /\s--hash[=\s]\s*((?:sha256|sha384|sha512):[0-9a-f]+)/g;

export type Requirements = {
  /** For pip, line by line as checked. */
  text: string;
  /** By normalized name: what of versions is asked for, `*` for any. */
  dependencies: Record<string, string>;
};

/** @throws Failure `invalid_input` naming the line */
export function readRequirements(file: string): Requirements {
  requireSize(Buffer.byteLength(file));
  const lines = joined(file.replace(/^\uFEFF/, ''));
  if (lines.length > MOST_LINES) refuse(`has more than ${MOST_LINES} requirements`);
  const dependencies: Record<string, string> = {};
  for (const { number, line } of lines) {
    const { name, specifier } = readLine(line, number);
    dependencies[name] = specifier;
  }
  return { text: lines.map(({ line }) => `${line}\n`).join(''), dependencies };
}

/** @throws Failure `invalid_input`, best before it is read at all */
export function requireSize(bytes: number): void {
  if (bytes > MOST_BYTES) refuse(`is larger than ${MOST_BYTES} bytes`);
}

/** Without comments, those that go on joined. */
function joined(file: string): { number: number; line: string }[] {
  const found: { number: number; line: string }[] = [];
  let held = '';
  let first = 1;
  for (const [index, raw] of file.split(/\r\n|\r|\n/).entries()) {
    if (held === '') first = index + 1;
    const goesOn = raw.endsWith('\\');
    held += goesOn ? `${raw.slice(0, -1)} ` : raw;
    if (goesOn) continue;
    const line = held.replace(/(^|\s)#.*$/, '').trim();
    if (line !== '') found.push({ number: first, line });
    held = '';
  }
  const rest = held.replace(/(^|\s)#.*$/, '').trim();
  if (rest !== '') found.push({ number: first, line: rest });
  return found;
}

function readLine(line: string, number: number): { name: string; specifier: string } {
  const bare = line.replaceAll(HASH, '').replaceAll(/\s+/g, ' ').trim();
  const at = `line ${number} (${bare.slice(0, 100)})`;
  // pip ends a line at more characters than we do.
  if (/[^\t -~]/.test(line) || bare.length > LINE_CHARACTERS)
    refuse(`${at} must be ASCII, and of ${LINE_CHARACTERS} characters at most besides its hashes`);
  if (bare.startsWith('-')) refuse(`${at} is an option: only names, versions and hashes are taken`);
  if (/:\/\/|\s@\s|^[\w.-]+@/.test(bare)) refuse(`${at} is an address: packages come from the index alone`);
  if (/^[./~]|\.whl$|\.tar\.gz$|\.zip$|\//.test(bare.split(';')[0] ?? ''))
    refuse(`${at} is a path: packages come from the index alone`);
  const match = NAME.exec(bare);
  const rest = bare.slice(match?.[0].length ?? 0);
  const [specifier = '', marker] = split(rest);
  if (match === null || !SPECIFIER.test(specifier) || / -/.test(marker ?? ''))
    refuse(`${at} is no requirement such as requests==2.32.3`);
  return { name: normalized(match[1] ?? ''), specifier: specifier.trim() || '*' };
}

function split(rest: string): [string, string?] {
  const at = rest.indexOf(';');
  return at === -1 ? [rest.trim()] : [rest.slice(0, at).trim(), rest.slice(at)];
}

/**
 * What the packages need besides is not asked about, as with npm's.
 * @throws Failure `invalid_input` naming those that are not allowed
 */
export function requireAllowed({ dependencies }: Requirements, allowed: readonly string[] | '*'): void {
  if (allowed === '*') return;
  const known = new Set(allowed.map(normalized));
  const others = Object.keys(dependencies).filter((name) => !known.has(name));
  if (others.length === 0) return;
  const shown = others.slice(0, MOST_SHOWN).join(', ');
  refuse(`${shown} ${others.length === 1 ? 'is' : 'are'} not among the packages that functions may have`);
}

/** The name that all spellings of a package have in common. */
export function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

/**
 * Whether the code brings every package: its `dist-info` lies at the root, as `pip install --target .` leaves
 * it.
 * @param paths of the files in the zip
 */
export function areThere({ dependencies }: Requirements, paths: readonly string[]): boolean {
  const there = new Set<string>();
  for (const path of paths) {
    const name = /^([^/]+)-[^-/]+\.(dist-info|egg-info)\//.exec(path)?.[1];
    if (name !== undefined) there.add(normalized(name));
  }
  return Object.keys(dependencies).every((name) => there.has(name));
}

function refuse(problem: string): never {
  return fail('invalid_input', { message: `requirements.txt: ${problem}.`, field: 'file' });
}
