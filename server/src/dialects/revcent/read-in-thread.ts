// What this dialect reads in a thread, because a caller chooses how long it takes: import files, and the look
// at code for syntax errors. Called by function-endpoints.ts.
import { jobOf } from '../../threads/job.ts';
import type { Threads } from '../../threads/thread-pool.ts';
import { type CodeWarning, codeWarning } from './code-check.ts';
import type { FunctionDraft } from './function-draft.ts';
import { type ImportRules, readImportFile, type Values } from './import-file.ts';
import { type Previewed, previewImportFile } from './import-preview.ts';
import { type Problem, ProblemsFound } from './problems.ts';

/** Code up to this size is parsed within some milliseconds. */
const SMALL_CODE = 16 * 1024;

const READ = jobOf(import.meta.url, readFile);
const PREVIEW = jobOf(import.meta.url, previewImportFile);
const CHECK = jobOf(import.meta.url, codeWarning);

type ImportText = ImportRules & { text: string; values?: Values };
type Imported = { draft: FunctionDraft; ignored: readonly string[] };
type Read = Imported | { problems: readonly Problem[] };

/** @throws ProblemsFound as {@link readImportFile} does */
export async function readImportInThread(
  threads: Threads,
  accountId: string,
  file: ImportText,
): Promise<Imported> {
  const read = await threads.run(READ, accountId, file);
  if ('problems' in read) throw new ProblemsFound(read.problems);
  return read;
}

/** As {@link previewImportFile}. */
export async function previewImportInThread(
  threads: Threads,
  accountId: string,
  file: ImportText,
): Promise<Previewed> {
  return await threads.run(PREVIEW, accountId, file);
}

/** As {@link codeWarning}. */
export async function checkCode(
  threads: Threads,
  accountId: string,
  code: string,
): Promise<CodeWarning | null> {
  return code.length <= SMALL_CODE ? codeWarning(code) : await threads.run(CHECK, accountId, code);
}

/** Runs in the thread: problems are handed over as what they are. */
export function readFile({ text, values = {}, ...rules }: ImportText): Read {
  try {
    return readImportFile(text, rules, values);
  } catch (error) {
    if (error instanceof ProblemsFound) return { problems: error.problems };
    throw error;
  }
}

export { codeWarning, previewImportFile };
