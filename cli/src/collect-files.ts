// Which files of a folder a move needs: everything in its `.functions` folders and projects, and the pages
// and scripts that may call them. Reads, and follows no link out of the folder.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CliError } from './cli-error.ts';

export type CollectedFile = { name: string; content: Buffer };

const SKIPPED_FOLDERS = new Set(['node_modules', '__MACOSX']);
/** As HubSpot's CLI: locks, logs and hidden files stay at home. */
const SKIPPED_FILES = /^(package-lock\.json|yarn\.lock|.*\.log)$/;
const PAGE = /\.(html?|js|mjs|cjs|css|json|txt|md)$/i;
const LARGEST_PAGE = 1_000_000;

/** @throws CliError `no_folder` */
export function collectFiles(folder: string): CollectedFile[] {
  const root = path.resolve(folder);
  if (!isFolder(root)) throw new CliError('no_folder', `${root} is not a folder`);
  const files: CollectedFile[] = [];
  const isInside = root.endsWith('.functions') || hasConfiguration(root);
  walk(root, '', (name, sizeBytes) => {
    const isCode = isInside || name.includes('.functions/');
    if (!isCode && !(PAGE.test(name) && sizeBytes <= LARGEST_PAGE)) return;
    files.push({ name, content: readFileSync(path.join(root, name)) });
  });
  return files;
}

/**
 * @param found is called with each file, in order: its path below the root, with forward slashes, and its
 * size
 */
function walk(root: string, below: string, found: (name: string, sizeBytes: number) => void): void {
  const entries = readdirSync(path.join(root, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) walk(root, name, found);
    if (entry.isFile() && !SKIPPED_FILES.test(entry.name)) found(name, statSync(path.join(root, name)).size);
  }
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Whether a folder is the inside of a `.functions` folder under another name. */
export function isInsideOfFunctions(folder: string): boolean {
  const root = path.resolve(folder);
  return hasConfiguration(root) && !root.endsWith('.functions');
}

function hasConfiguration(folder: string): boolean {
  return statSync(path.join(folder, 'serverless.json'), { throwIfNoEntry: false })?.isFile() === true;
}
