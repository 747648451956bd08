// Makes the zip of a project: its files in order, without what stays at home, with the same times in every
// packing, so that the same files are the same zip. Where a build makes the zip, that is read.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { CliError } from '../cli-error.ts';
import { childEnvironment } from './child-environment.ts';
import { PROJECT_FILE, type Project } from './project.ts';

export type Packed = {
  zip: Buffer;
  /** SHA-256 of the zip, as versions show it. */
  hash: string;
  /** Paths, in order. Empty where a build made the zip. */
  files: string[];
};

/** What no function needs. Files that begin with a dot stay at home, too. */
const AT_HOME = new Set([PROJECT_FILE, 'node_modules', 'fixtures', 'package-lock.json', 'README.md']);
const TEST = /\.test\.[a-z]+$|(^|\/)test_[^/]+\.py$/;
/** Of a build, in all; and its end, where it fails. */
const MOST_PRINTED_BYTES = 100_000_000;
const SHOWN_OF_BUILD = 20_000;
/** The first day that a zip knows. */
const MADE_AT = new Date(1980, 0, 1);

/** @param say what a build prints @throws CliError `build_failed` `no_files` `no_zip` */
export async function packProject(project: Project, say: (text: string) => void): Promise<Packed> {
  if (project.build !== null) runBuild(project, project.build, say);
  if (project.zip !== null) return readZip(path.join(project.folder, project.zip), project.zip);
  const files = listFiles(project);
  if (files.length === 0) throw new CliError('no_files', `there is nothing to pack in ${project.folder}`);
  const archive = new ZipFile();
  const root = path.join(project.folder, project.root);
  for (const name of files) {
    const place = path.join(root, name);
    const mode = (statSync(place).mode & 0o100) === 0 ? 0o100644 : 0o100755;
    archive.addBuffer(readFileSync(place), name, { mtime: MADE_AT, mode });
  }
  archive.end();
  return packed(await buffer(archive.outputStream), files);
}

/** Of the packed files, what `millrace dev` watches. */
export function listFiles({ folder, root, ignore }: Project): string[] {
  const top = path.join(folder, root);
  const left = [...ignore.map((one) => one.replace(/\/+$/, ''))];
  const isLeft = (name: string): boolean => left.some((one) => name === one || name.startsWith(`${one}/`));
  const found: string[] = [];
  const walk = (below: string): void => {
    const entries = readdirSync(path.join(top, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.name.startsWith('.') || AT_HOME.has(name) || TEST.test(name) || isLeft(name)) continue;
      if (entry.isDirectory() && entry.name !== 'node_modules') walk(name);
      if (entry.isFile()) found.push(name);
    }
  };
  walk('');
  return found;
}

function runBuild({ folder }: Project, command: string, say: (text: string) => void): void {
  say(`$ ${command}`);
  const { status, signal, stdout, stderr, error } = spawnSync(command, {
    ...{ cwd: folder, shell: true, encoding: 'utf8', maxBuffer: MOST_PRINTED_BYTES },
    env: childEnvironment(process.env),
  });
  if (status === 0) return;
  const printed = `${stdout ?? ''}${stderr ?? ''}`.trim();
  const ending = error?.message ?? `ended with ${status ?? signal}`;
  throw new CliError('build_failed', `"${command}" ${ending}:\n${printed.slice(-SHOWN_OF_BUILD)}`);
}

function readZip(file: string, name: string): Packed {
  if (!existsSync(file)) {
    throw new CliError('no_zip', `there is no ${name}: nothing has made it`, {
      next: `name what makes it as "build" in ${PROJECT_FILE}`,
    });
  }
  return packed(readFileSync(file), []);
}

function packed(zip: Buffer, files: string[]): Packed {
  return { zip, files, hash: createHash('sha256').update(zip).digest('hex') };
}
