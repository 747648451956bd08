// Paths of the file tree: how they are written, which folder of functions a file belongs to. Pure.
import { Failure } from '../../../errors/failure.ts';
import { isStorableText } from '../../../http/read-input.ts';

const LONGEST_PATH = 1_024;
const FUNCTIONS_SUFFIX = '.functions';

/**
 * @param text decoded, with or without slashes at its ends
 * @returns without a slash at either end; empty for the root
 * @throws Failure `invalid_input` for what can't be a path of ours
 */
export function readFilePath(text: string): string {
  const path = text
    .split('/')
    .filter((segment) => segment !== '')
    .join('/');
  if (path.length > LONGEST_PATH) throw refusal(`is over ${LONGEST_PATH} characters`);
  if (!isStorableText(path) || hasControls(path)) throw refusal('has characters that no file name may have');
  if (path.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw refusal('must not have a segment . or ..');
  }
  return path;
}

/** Where projects are kept: `@projects/<name>/...`. Nobody puts single files there. */
export const PROJECTS_ROOT = '@projects';

export function isReserved(path: string): boolean {
  return path === PROJECTS_ROOT || path.startsWith(`${PROJECTS_ROOT}/`);
}

/** As {@link readFilePath}, of a file that a request is to change. */
export function readOwnPath(text: string): string {
  const path = readFilePath(text);
  if (isReserved(path)) throw refusal(`is a project's: use hs project upload and delete`);
  return path;
}

/** The outermost `.functions` folder that a file lies in; null: none. */
export function functionsFolderOf(path: string): string | null {
  const segments = path.split('/');
  const at = segments.findIndex((segment) => segment.endsWith(FUNCTIONS_SUFFIX));
  return at === -1 || at === segments.length - 1 ? null : segments.slice(0, at + 1).join('/');
}

/** Whether a path is a `.functions` folder itself, as opposed to a file or folder in one. */
export function isFunctionsFolder(path: string): boolean {
  return path.endsWith(FUNCTIONS_SUFFIX) && functionsFolderOf(path) === null;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f\\]/.test(text);
}

function refusal(rule: string): Failure {
  return new Failure('invalid_input', { message: `The path ${rule}.`, field: 'path' });
}
