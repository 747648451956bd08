// `npm run release:files`: makes what a release is published as, in build/release: the packages of npm, the
// platform's own files, a list of what it is made of (CycloneDX), and checksums over all of them. From one
// state of the files always the same bytes: who doubts a release makes it again and compares. Publishes
// nothing. Called by scripts/release.ts.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { packAll } from './pack.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const npm = path.join(ROOT, 'node_modules/npm/bin/npm-cli.js');
const MOST_BYTES = 256 * 1024 * 1024;

/** What is listed by itself: each has a lock of its own. */
const LISTED = { millrace: '.', 'millrace-console': 'console' };

/** @param into is emptied first @returns names of the files */
export async function makeReleaseFiles(into: string): Promise<string[]> {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  const at = dayOf(version);
  for (const tarball of Object.values(await packAll(into)))
    renameSync(tarball, path.join(into, path.basename(tarball)));
  for (const folder of readdirSync(into, { withFileTypes: true }))
    if (folder.isDirectory()) rmSync(path.join(into, folder.name), { recursive: true });
  writeFileSync(path.join(into, `millrace-server-${version}.tar.gz`), platformFiles(version, at));
  for (const [name, folder] of Object.entries(LISTED)) {
    const list = billOfMaterials(path.join(ROOT, folder), { name, version, at });
    writeFileSync(path.join(into, `${name}-${version}.cdx.json`), list);
  }
  const names = readdirSync(into).sort();
  const sums = names.map((name) => `${sha256(readFileSync(path.join(into, name)))}  ${name}\n`);
  writeFileSync(path.join(into, 'SHA256SUMS'), sums.join(''));
  return [...names, 'SHA256SUMS'];
}

/** The time that files bear: of the release, or of the last commit where the version has no heading yet. */
function dayOf(version: string): string {
  const changelog = readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8');
  const heading = changelog.split('\n').find((line) => line.startsWith(`## ${version} (`));
  const day = heading?.slice(-11, -1) ?? git(['log', '-1', '--format=%cs']).toString().trim();
  return `${day}T00:00:00Z`;
}

/** What git knows of, as it stands here: a release's numbers aren't committed yet when it is made. */
function platformFiles(version: string, at: string): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-release-'));
  // An archive's files bear the time of its commit: one without a parent, that no branch knows.
  const who = { NAME: 'Millrace', EMAIL: 'release@millrace.invalid', DATE: at };
  const dated = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
    Object.entries(who).map(([part, value]) => [`GIT_${role}_${part}`, value]),
  );
  const env = { ...process.env, ...Object.fromEntries(dated), GIT_INDEX_FILE: path.join(folder, 'index') };
  try {
    git(['read-tree', 'HEAD'], env);
    git(['add', '--update', '.'], env);
    const tree = git(['write-tree'], env).toString().trim();
    const commit = git(['commit-tree', '-m', version, tree], env).toString().trim();
    const prefix = `--prefix=millrace-server-${version}/`;
    return gzipSync(git(['archive', '--format=tar', prefix, commit]), { level: 9 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function git(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Buffer {
  return execFileSync('git', [...args], { cwd: ROOT, env, maxBuffer: MOST_BYTES });
}

type Bill = {
  serialNumber: string;
  metadata: { timestamp: string; component: { name: string } };
};

/** npm's own list, without what differs each time: the moment, a number by chance, the folder's name. */
function billOfMaterials(folder: string, of: { name: string; version: string; at: string }): string {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--omit=dev', '--loglevel=error'];
  const printed = execFileSync(process.execPath, [npm, ...args], { cwd: folder, maxBuffer: MOST_BYTES });
  const bill = JSON.parse(printed.toString()) as Bill;
  bill.metadata.timestamp = of.at;
  bill.metadata.component.name = of.name;
  bill.serialNumber = '';
  bill.serialNumber = `urn:uuid:${uuidOf(JSON.stringify(bill))}`;
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** A UUID of version 8, which says of itself that its maker chose the bits. */
function uuidOf(text: string): string {
  const hex = sha256(Buffer.from(text));
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

if (import.meta.main) {
  const into = path.join(ROOT, 'build/release');
  for (const name of await makeReleaseFiles(into)) console.log(path.relative(ROOT, path.join(into, name)));
}
