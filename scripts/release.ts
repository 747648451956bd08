// `npm run release -- 0.2.0`: makes a version of what stands under "Unreleased" in the changelog: every
// manifest and lock gets its number, the changelog its heading, and what is published is made in
// build/release. Commits, tags and publishes nothing: it prints the commands that do.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import semver from 'semver';

const UNRELEASED = '## Unreleased';
/** Pages that name the tarball. */
const PAGES = ['docs/cli.md'];
const CHART = 'deploy/helm/millrace/Chart.yaml';

type Manifest = { name: string; version: string; workspaces?: string[] } & Partial<
  Record<'dependencies' | 'devDependencies' | 'peerDependencies', Record<string, string>>
>;
type Lock = { version: string; packages: Record<string, Partial<Manifest> & { link?: boolean }> };

/** @throws Error where there is nothing to release, or the number isn't the next one */
export function releaseChangelog(text: string, version: string, day: string): string {
  const at = text.indexOf(`${UNRELEASED}\n`);
  const rest = text.slice(at + UNRELEASED.length);
  const entries = rest.split(/^## /m, 1)[0] ?? '';
  if (at < 0 || !entries.includes('\n- '))
    throw new Error(`CHANGELOG.md: nothing stands under "${UNRELEASED}"`);
  return `${text.slice(0, at)}${UNRELEASED}\n\n## ${version} (${day})${rest}`;
}

/** The number, also where one of ours asks for another. */
function renumber<Of extends Partial<Manifest>>(manifest: Of, version: string): Of {
  const made = { ...manifest, version };
  for (const kind of ['dependencies', 'devDependencies', 'peerDependencies'] as const) {
    const asked = manifest[kind];
    if (asked === undefined) continue;
    const own = Object.keys(asked).filter((name) => name.startsWith('@millrace/'));
    made[kind] = { ...asked, ...Object.fromEntries(own.map((name) => [name, `^${version}`])) };
  }
  return made;
}

/** @returns the files that were written. @throws Error for a number that isn't newer */
export function release(root: string, version: string, day: string): string[] {
  const written: string[] = [];
  const change = (file: string, made: (text: string) => string): void => {
    const place = path.join(root, file);
    if (!existsSync(place)) return;
    writeFileSync(place, made(readFileSync(place, 'utf8')));
    written.push(file);
  };
  const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  if (semver.valid(version) !== version || !semver.gt(version, own.version)) {
    throw new Error(`${version} is no version after ${own.version}`);
  }
  // Before anything is written: it may refuse.
  const changelog = releaseChangelog(readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8'), version, day);
  change('CHANGELOG.md', () => changelog);
  const workspaces = own.workspaces ?? [];
  for (const folder of ['.', 'console', ...workspaces]) {
    change(path.join(folder, 'package.json'), (text) =>
      json(renumber(JSON.parse(text) as Manifest, version)),
    );
  }
  for (const folder of ['.', 'console']) {
    change(path.join(folder, 'package-lock.json'), (text) =>
      json(renumberLock(JSON.parse(text), workspaces, version)),
    );
  }
  for (const page of PAGES) {
    change(page, (text) => text.replaceAll(`millrace-${own.version}.tgz`, `millrace-${version}.tgz`));
  }
  // The chart's number is Millrace's.
  change(CHART, (text) => text.replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`));
  return written;
}

function renumberLock(lock: Lock, workspaces: readonly string[], version: string): Lock {
  const packages = Object.entries(lock.packages).map(([place, one]) => [
    place,
    place === '' || workspaces.includes(place) ? renumber(one, version) : one,
  ]);
  return { ...lock, version, packages: Object.fromEntries(packages) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (import.meta.main) {
  const [version = ''] = process.argv.slice(2);
  const root = path.resolve(import.meta.dirname, '..');
  try {
    const files = release(root, version, new Date().toISOString().slice(0, 10));
    console.log(`${files.length} files are of ${version}`);
    execFileSync(process.execPath, [path.join(root, 'scripts/release-files.ts')], { stdio: 'inherit' });
    console.log(`Next: git commit -am "Release ${version}" && git tag v${version}`);
    console.log('      npm publish build/release/<name>.tgz, for each that is to be public');
  } catch (error) {
    console.error(`millrace: ${(error as Error).message}: usage: npm run release -- 0.2.0`);
    process.exitCode = 1;
  }
}
