// The code of a former version of Millrace, made of the repository's history, to be started beside this one:
// MILLRACE_TEST_FORMER, the last release's tag, or what was there before the newest migration. It runs with
// the packages that are installed here.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Made once in a clone, and not part of its history. */
const MADE = ['node_modules', 'build/types', 'runtimes/node/fork/build', 'supervisor/call-watch/build'];

export type FormerVersion = {
  /** As git names it. */
  ref: string;
  main: string;
  remove(): void;
};

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** @returns null where the clone has no history, as of a tarball */
export function findFormer(): string | null {
  const named = process.env.MILLRACE_TEST_FORMER;
  if (named !== undefined) return named;
  try {
    const [tag] = git('tag', '--list', 'v*', '--sort=-version:refname').split('\n');
    if (tag !== undefined && tag !== '') return tag;
    const newest = git('log', '-1', '--diff-filter=A', '--format=%H', '--', 'server/sql');
    return git('rev-parse', '--short', `${newest}^`);
  } catch {
    return null;
  }
}

export function makeFormer(ref: string): FormerVersion {
  // On the disk of the clone: its packages are linked, not copied.
  const folder = path.join(ROOT, 'build', `former-${process.pid}`);
  const archive = execFileSync('git', ['archive', '--format=tar', ref], { cwd: ROOT, maxBuffer: 1 << 28 });
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  for (const made of MADE) {
    const from = path.join(ROOT, made);
    const to = path.join(folder, made);
    if (!existsSync(from)) continue;
    mkdirSync(path.dirname(to), { recursive: true });
    if (made === 'node_modules') execFileSync('cp', ['-al', from, to]);
    else cpSync(from, to, { recursive: true });
  }
  return {
    ref,
    main: path.join(folder, 'launcher/main.ts'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
