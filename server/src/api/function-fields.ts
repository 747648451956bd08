// Settings of functions as the API takes them, for making and for changing one. Schemas and their reading;
// pure.
import { z } from 'zod';
import type { Limits } from '../config/limits.ts';
import { type FunctionSettings, REUSES } from '../functions/function.ts';
import { NAME_CHARACTERS, nameProblem } from '../functions/function-name.ts';
import { storableText } from '../http/read-input.ts';
import { readRetry, retrySchema } from './retry-input.ts';

const DESCRIPTION_CHARACTERS = 1000;
const HANDLER_CHARACTERS = 512;
const NOTE_CHARACTERS = 1000;

export const noteField = storableText(NOTE_CHARACTERS).nullable();
export const handlerField = storableText(HANDLER_CHARACTERS).refine(
  (text) => text !== '',
  'must not be empty',
);
export const runtimeField = storableText(100);

export const nameField = z
  .string('must be text')
  .max(NAME_CHARACTERS, `must have at most ${NAME_CHARACTERS} characters`)
  .superRefine((name, context) => {
    const problem = nameProblem(name);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** By name, every one of them optional to a change. */
export function settingFields(limits: Limits) {
  const whole = (least: number, most: number) => {
    const rule = least === most ? `can only be ${least}` : `must be a whole number from ${least} to ${most}`;
    return z.int(rule).min(least, rule).max(most, rule);
  };
  return {
    name: nameField,
    description: storableText(DESCRIPTION_CHARACTERS).nullable(),
    enabled: z.boolean('must be true or false'),
    timeout_ms: whole(100, limits.maxTimeoutMs),
    memory_mb: whole(64, limits.maxMemoryMb),
    reuse: z.enum(REUSES, 'must be warm or none'),
    concurrency: whole(1, limits.instanceConcurrency),
    retry: retrySchema,
    max_concurrent_runs: whole(1, 1_000_000).nullable(),
    disable_after_faults: whole(0, 1_000_000),
  };
}

type Fields = ReturnType<typeof settingFields>;
export type ReadSettings = { [Name in keyof Fields]?: z.infer<Fields[Name]> | undefined };

/** Of what is given alone. */
export function settingsOf(read: ReadSettings): Partial<FunctionSettings> {
  const change: Partial<FunctionSettings> = {};
  if (read.name !== undefined) change.name = read.name;
  if (read.description !== undefined) change.description = read.description;
  if (read.enabled !== undefined) change.enabled = read.enabled;
  if (read.timeout_ms !== undefined) change.timeoutMs = read.timeout_ms;
  if (read.memory_mb !== undefined) change.memoryMb = read.memory_mb;
  if (read.reuse !== undefined) change.reuse = read.reuse;
  if (read.concurrency !== undefined) change.concurrency = read.concurrency;
  if (read.retry !== undefined) change.retry = readRetry(read.retry);
  if (read.max_concurrent_runs !== undefined) change.maxConcurrentRuns = read.max_concurrent_runs;
  if (read.disable_after_faults !== undefined) change.disableAfterFaults = read.disable_after_faults;
  return change;
}
