// Files in a form that crosses from thread to thread at the cost of their bytes alone: all contents in one
// piece, each once, whatever the number of files that share it. Pure; called by both sides of
// read-zip-in-thread.ts.
import type { SourceFile } from './project-functions.ts';

export type PackedFiles = {
  paths: string[];
  /** Of each path, where its content begins and ends in `bytes`. */
  bounds: Float64Array;
  bytes: Uint8Array;
};

export function packFiles(files: readonly SourceFile[]): PackedFiles {
  const starts = new Map<Buffer, number>();
  let total = 0;
  for (const { content } of files) {
    if (starts.has(content)) continue;
    starts.set(content, total);
    total += content.length;
  }
  const bytes = new Uint8Array(total);
  for (const [content, start] of starts) bytes.set(content, start);
  const bounds = new Float64Array(files.length * 2);
  for (const [at, { content }] of files.entries()) {
    const start = starts.get(content) ?? 0;
    bounds.set([start, start + content.length], at * 2);
  }
  return { paths: files.map(({ path }) => path), bounds, bytes };
}

/** The contents are views. */
export function unpackFiles({ paths, bounds, bytes }: PackedFiles): SourceFile[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return paths.map((path, at) => ({ path, content: all.subarray(bounds[at * 2], bounds[at * 2 + 1]) }));
}
