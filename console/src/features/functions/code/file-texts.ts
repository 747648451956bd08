// Files of a version as the editor needs them: those that are text, and which differ. Pure.
import type { Files } from '../function-requests.ts';

/** null: a file that is no text. */
export function textOf(file: Files[string] | undefined): string | null {
  if (file === undefined) return null;
  if (typeof file === 'string') return file;
  return 'text' in file ? file.text : null;
}

/** The same file with another text. */
export function withText(file: Files[string] | undefined, text: string): Files[string] {
  return file !== undefined && typeof file !== 'string' && 'text' in file ? { ...file, text } : text;
}

export function changedPaths(before: Files, after: Files): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return paths.filter((path) => JSON.stringify(before[path]) !== JSON.stringify(after[path])).sort();
}
