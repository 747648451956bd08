// Java sources -> a zip of classes, made as a user makes it. Used by the tests of functions in Java.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileJava } from '../../../runtimes/conformance/compile-java.ts';
import { zipFolder } from './customer.ts';

type Files = Record<string, string | Buffer>;

/** @param sources by their path @param beside files that go into the zip as they are */
export function javaZip(sources: Files, beside: Files = {}): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-java-'));
  try {
    const classes = path.join(folder, 'classes');
    write(classes, beside);
    compileJava(classes, write(path.join(folder, 'sources'), sources));
    return zipFolder(classes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(folder: string, files: Files): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(files).map(([name, content]) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  });
}
