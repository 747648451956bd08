// The files that the checks look at: what git tracks or would track, never what it ignores. Called by the
// check-*.ts files.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..');

export type SourceFile = {
  /** Relative to the repository, with forward slashes. */
  path: string;
  text: string;
};

/** Paths of all files, sorted. */
export function sourcePaths(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return listed
    .split('\0')
    .filter((file) => file !== '' && existsSync(path.join(ROOT, file)))
    .sort();
}

/** Reads those of the files whose path matches. */
export function sourceFiles(pattern: RegExp): SourceFile[] {
  return sourcePaths()
    .filter((file) => pattern.test(file))
    .map((file) => ({ path: file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
}

/** Line (from 1) of an offset in a text. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Whether a file is only ever run by tests. */
export function isTestFile(file: string): boolean {
  return (
    /\.test\.[a-z]+$/.test(file) ||
    file.startsWith('server/test/') ||
    file.startsWith('runtimes/conformance/')
  );
}

/**
 * Whether a file is a user's code: the functions that tests, benchmarks and examples upload. Our rules are
 * not theirs.
 */
export function isUserCode(file: string): boolean {
  return /^(runtimes\/conformance\/((python|java|dotnet)-)?handlers|server\/test\/.*\/functions|bench\/functions|examples)\//.test(
    file,
  );
}
