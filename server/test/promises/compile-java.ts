// Java sources -> a zip of classes, made as a user makes it: compiled against the interfaces of Lambda, for the oldest Java that runs
// functions. Used by the tests of functions in Java.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OLDEST_JAVA } from '../../../contract/javas.ts';
import { findJavas } from '../../../launcher/find-javas.ts';
import { zipFolder } from './customer.ts';

const INTERFACES = path.resolve(import.meta.dirname, '../../../runtimes/java/src');
/** Of the interfaces nothing goes into the zip: the real jar's ones are compiled against and needn't either. */
const OPTIONS = [
  '-implicit:none',
  '-proc:none',
  '-J-XX:TieredStopAtLevel=1',
  '-J-Xshare:auto',
  '-Xlint:-options',
];

/** @param sources by their path @param beside files that go into the zip as they are */
export function compileJava(
  sources: Record<string, string>,
  beside: Record<string, string | Buffer> = {},
): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-java-'));
  try {
    const classes = path.join(folder, 'classes');
    compileInto(classes, write(path.join(folder, 'sources'), sources));
    write(classes, beside);
    return zipFolder(classes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function compileInto(
  classes: string,
  files: readonly string[],
  options: readonly string[] = [],
): void {
  const { compilerHome } = findJavas(process.env);
  if (compilerHome === null) throw new Error('there is no JDK on this machine: install default-jdk-headless');
  const args = [
    '--release',
    String(OLDEST_JAVA),
    ...OPTIONS,
    '-sourcepath',
    INTERFACES,
    '-d',
    classes,
    ...options,
  ];
  execFileSync(path.join(compilerHome, 'bin/javac'), [...args, ...files], { stdio: 'pipe' });
}

function write(folder: string, files: Record<string, string | Buffer>): string[] {
  return Object.entries(files).map(([name, content]) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  });
}
