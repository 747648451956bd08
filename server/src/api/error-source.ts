// Where in a function's source an error came from: the lines around each of its own frames, in the code of
// the version that ran; through the source map that the code brings, in the source that it was made of.
// Worked out in a thread: maps are large, and strangers wrote them. Called by run-error-endpoints.ts.
import { SourceMap } from 'node:module';
import path from 'node:path';
import type { StackFrame } from '../error-groups/stack-frames.ts';
import { jobOf } from '../threads/job.ts';
import type { Threads } from '../threads/thread-pool.ts';
import { readZipFiles, type ZipFile } from '../versions/read-zip-files.ts';

export type SourceLine = { line: number; text: string };
export type SourcedFrame = StackFrame & {
  /** In what the code was made of; null: it has no source map, or that doesn't know the place. */
  original: { file: string; line: number; column: number } | null;
  /** Around the line: of the original where it is known, else of the code; null: neither is there. */
  source: SourceLine[] | null;
};

type Asked = { zip: Uint8Array; frames: StackFrame[] };

/** Frames that are looked up, the innermost of the function's own. */
const MOST_FRAMES = 5;
const AROUND_LINES = 4;
const MOST_LINE_CHARACTERS = 400;
/** Of all files that are read for one error, their maps included. */
const LIMITS = { unpackedBytes: 32 * 1024 * 1024, unpackedEntries: 100_000 };
const MAP_SUFFIX = '.map';

const SOURCE = jobOf(import.meta.url, findSources);

export function sourceOfFrames(threads: Threads, accountId: string, asked: Asked): Promise<SourcedFrame[]> {
  return threads.run(SOURCE, accountId, asked);
}

/** Runs in the thread. */
export async function findSources({ zip, frames }: Asked): Promise<SourcedFrame[]> {
  const own = frames.filter(({ isOwn, file }) => isOwn && file !== null).slice(0, MOST_FRAMES);
  const wanted = new Set(own.flatMap(({ file }) => [file ?? '', `${file}${MAP_SUFFIX}`]));
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  // Too much for these limits: frames without source.
  const read = await readZipFiles(bytes, LIMITS, (name) => wanted.has(name)).catch((): ZipFile[] => []);
  const files = new Map(read.map((file) => [file.path, file.content.toString()]));
  return frames.map((frame) =>
    own.includes(frame) ? sourced(frame, files) : { ...frame, original: null, source: null },
  );
}

function sourced(frame: StackFrame, files: ReadonlyMap<string, string>): SourcedFrame {
  const code = frame.file === null ? undefined : files.get(frame.file);
  if (code === undefined || frame.line === null) return { ...frame, original: null, source: null };
  const found = originalOf(frame, code, files);
  const text = found?.content ?? code;
  const line = found?.content == null ? frame.line : found.original.line;
  return { ...frame, original: found?.original ?? null, source: around(text, line) };
}

type Original = { original: NonNullable<SourcedFrame['original']>; content: string | null };

/** A map that makes no sense is none. */
function originalOf(frame: StackFrame, code: string, files: ReadonlyMap<string, string>): Original | null {
  const payload = mapOf(frame.file ?? '', code, files);
  if (payload === null || frame.line === null) return null;
  try {
    const map = JSON.parse(payload) as ConstructorParameters<typeof SourceMap>[0];
    const entry = new SourceMap(map).findEntry(frame.line - 1, Math.max(0, (frame.column ?? 1) - 1));
    if (!('originalSource' in entry) || typeof entry.originalSource !== 'string') return null;
    const { originalSource: file, originalLine, originalColumn } = entry;
    const content: unknown = map.sourcesContent?.[map.sources.indexOf(file)];
    return {
      original: { file, line: originalLine + 1, column: originalColumn + 1 },
      content: typeof content === 'string' ? content : null,
    };
  } catch {
    return null;
  }
}

/** The map that the last such comment names: in itself, or a file beside it. */
function mapOf(file: string, code: string, files: ReadonlyMap<string, string>): string | null {
  const at = code.lastIndexOf('//# sourceMappingURL=');
  if (at === -1) return files.get(file + MAP_SUFFIX) ?? null;
  const url = code.slice(at + '//# sourceMappingURL='.length).split(/\s/, 1)[0] ?? '';
  const inline = /^data:application\/json[^,]*;base64,(.*)$/.exec(url);
  if (inline !== null) return Buffer.from(inline[1] ?? '', 'base64').toString();
  return files.get(path.posix.join(path.posix.dirname(file), url)) ?? null;
}

function around(text: string, line: number): SourceLine[] | null {
  const lines = text.split('\n');
  if (line < 1 || line > lines.length) return null;
  const from = Math.max(1, line - AROUND_LINES);
  return lines
    .slice(from - 1, line + AROUND_LINES)
    .map((content, at) => ({ line: from + at, text: content.slice(0, MOST_LINE_CHARACTERS) }));
}
