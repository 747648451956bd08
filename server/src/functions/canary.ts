// Which version of a function a run gets, where a part of its runs goes to a canary. Decided by the run's id,
// so that all attempts of a run get the same one as long as the part stays; or by a header of the call, so
// that one caller does. Pure. Called where a run begins: runs/execute-run.ts and worker/execute-claim.ts.
import { createHash } from 'node:crypto';
import type { RunnableFunction } from './function.ts';

export type Canary = {
  version: number;
  /** Of the runs, 0 to 100. */
  percent: number;
  /** Name of the header that decides, in lower case; null: none does. */
  header: string | null;
};

/** A canary's version, ready to run. */
export type RunnableCanary = Omit<Canary, 'version'> & { fn: RunnableFunction };

/** @param rawHeaders names and values in turn; of a call over HTTP */
export function versionFor(
  fn: RunnableFunction,
  runId: string,
  rawHeaders: readonly string[] = [],
): RunnableFunction {
  const { canary } = fn;
  if (canary === undefined) return fn;
  const key = canary.header === null ? null : headerOf(rawHeaders, canary.header);
  const place = key === null ? placeOfRun(runId) : placeOfKey(fn.id, key);
  return place < canary.percent ? canary.fn : fn;
}

function headerOf(rawHeaders: readonly string[], name: string): string | null {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.toLowerCase() === name) return rawHeaders[at + 1] as string;
  return null;
}

const RANGE = 2 ** 32;

/** The end of an id is random. @returns 0 to 100, less than that */
function placeOfRun(runId: string): number {
  return (Number.parseInt(runId.slice(-8), 16) / RANGE) * 100;
}

/** Of each function another: a caller isn't everywhere among the first. */
function placeOfKey(functionId: string, key: string): number {
  return (createHash('sha256').update(`${functionId}\n${key}`).digest().readUInt32BE(0) / RANGE) * 100;
}
