// The shapes of what Millrace's own API answers and takes, as zod schemas: they are what openapi.json shows.

import { z } from 'zod';
import { LANGUAGES } from '../../../contract/engine-name.ts';
import { BUILD_STATUSES } from '../builds/build.ts';
import { REUSES } from '../functions/function.ts';
import { SHOWN_STREAMS } from '../logs/log-lines.ts';
import { RUN_STATUSES } from '../runs/run.ts';
import { TRIGGER_KINDS } from '../runs/run-input.ts';
import { conventionSchema } from './convention-name.ts';
import { retrySchema } from './retry-input.ts';

const at = z.iso.datetime();

export const runError = z.object({ type: z.string(), message: z.string(), stack: z.string() }).nullable();

const runStatus = z.enum(RUN_STATUSES);

export const runSchema = z.object({
  id: z.uuid(),
  function_id: z.string(),
  version: z.int(),
  trigger: z.enum(TRIGGER_KINDS).describe('what kind of thing started it'),
  cause: z.record(z.string(), z.unknown()).describe('for people: method, path and address of a call'),
  status: runStatus,
  created_at: at,
  started_at: at.nullable(),
  ended_at: at.nullable(),
  duration_ms: z.number().nullable().describe("the handler's own time"),
  init_ms: z.number().nullable().describe('time to start the instance and load the code, on its first run'),
  memory_mb: z.int(),
  memory_peak_bytes: z.int().nullable().describe('highest use of the whole sandbox since it started'),
  attempts: z.int(),
  engine: z.string().nullable().describe('what really ran it'),
  response_status: z.int().nullable().describe('HTTP status that the caller got'),
  error: runError,
  due_at: at.nullable().describe('when a queued run may begin'),
  held: z.boolean().describe('it waits because its function or trigger is paused'),
  trigger_id: z.string().nullable(),
  event_id: z.string().nullable(),
  trace_id: z
    .string()
    .describe('of the trace that it is part of; where its cause is part of none, its own id'),
  test: z.boolean().describe('whether it was a test run of code'),
  replay_of: z.uuid().nullable().describe('the run that it repeats'),
  replays: z.array(z.uuid()).optional().describe('the newest runs that repeat it; of one run only'),
  dead_letter: z
    .enum(['open', 'redriven', 'discarded'])
    .nullable()
    .describe('of a dead run: whether it is on the dead-letter list'),
  input_kept: z.boolean().describe('whether /runs/{id}/input can show its input'),
  result_kept: z.boolean().describe('whether /runs/{id}/result can show what it returned'),
  history: z
    .array(
      z.object({
        attempt: z.int(),
        status: runStatus,
        started_at: at.nullable(),
        ended_at: at.nullable(),
        duration_ms: z.number().nullable().optional().describe('missing where the attempt was lost'),
        error: runError,
      }),
    )
    .describe('attempts before the last one'),
});
z.globalRegistry.add(runSchema, { id: 'Run' });

/** What caused a run: runs/run-input.ts. */
export const shownInputSchema = z.looseObject({
  trigger: z.enum(TRIGGER_KINDS),
  source: z.looseObject({ id: z.string().nullable(), name: z.string().nullable() }),
  request: z.looseObject({}).optional().describe('of a call over HTTP'),
  event: z.looseObject({}).optional().describe('of an account event'),
  data: z.unknown().optional().describe('of every other trigger'),
});
z.globalRegistry.add(shownInputSchema, { id: 'RunInput' });

export const resultSchema = z.object({ result: z.unknown() });

export const calledSchema = z.object({
  run: runSchema,
  result: z.unknown().describe('what the function returned; null where it failed'),
});
z.globalRegistry.add(calledSchema, { id: 'CalledRun' });

export const logLineSchema = z.object({
  at,
  stream: z.enum(SHOWN_STREAMS),
  text: z.string(),
});
z.globalRegistry.add(logLineSchema, { id: 'LogLine' });

export const functionSchema = z.object({
  id: z.string(),
  dialect: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  enabled: z.boolean(),
  timeout_ms: z.int(),
  memory_mb: z.int(),
  reuse: z.enum(REUSES),
  concurrency: z.int(),
  retry: retrySchema,
  max_concurrent_runs: z.int().nullable().describe('queued runs at a time over all nodes'),
  disable_after_faults: z.int().describe('faults in a row after which it is disabled; 0: never'),
  faults_in_a_row: z.int().describe('counted while `disable_after_faults` is set; a good end begins anew'),
  disabled_reason: z.string().nullable().describe('why the platform disabled it'),
  paused_at: at.nullable().describe('since when its queued runs wait and its calls are refused'),
  version: z.int().describe('number of the active version'),
  previous_version: z.int().nullable().describe('that was active before: where a rollback leads'),
  canary: z
    .object({ version: z.int(), percent: z.int(), sticky_header: z.string().nullable() })
    .nullable()
    .describe('which version gets a part of the runs: /functions/{id}/canary'),
  handler: z.string(),
  runtime: z.string(),
  convention: conventionSchema,
  dependencies: z
    .record(z.string(), z.string())
    .describe('packages beside its code, in their exact versions'),
  created_at: at,
  modified_at: at,
});
z.globalRegistry.add(functionSchema, { id: 'Function' });

export const listedFunctionSchema = functionSchema.extend({
  triggers: z
    .record(z.string(), z.int())
    .nullable()
    .describe('how many triggers it has, by kind; null without the permission to read triggers'),
});

export const versionSchema = z.object({
  number: z.int(),
  active: z.boolean(),
  content_hash: z.string().describe('SHA-256 of the zip'),
  filename: z.string(),
  bytes: z.int(),
  handler: z.string(),
  runtime: z.string(),
  convention: conventionSchema,
  dependencies: z
    .record(z.string(), z.string())
    .describe('packages beside its code, in their exact versions'),
  note: z.string().nullable().describe('what its owner says about it'),
  made_by: z.string().nullable().describe('id of the token that made it, where that is known'),
  created_at: at,
});
z.globalRegistry.add(versionSchema, { id: 'Version' });

export const platformSchema = z.object({
  sandbox: z.string().describe('how functions are jailed'),
  warnings: z.array(z.string()),
  findings: z
    .array(
      z.object({
        subject: z.string(),
        state: z.enum(['ok', 'warning', 'missing']),
        told: z.string(),
        remedy: z.string().nullable().describe('what to do about it'),
      }),
    )
    .describe('what `npm run doctor` finds as well, looked at now'),
  engines: z.array(z.object({ major: z.int(), version: z.string() })),
  instances: z.int(),
  idle: z.int(),
  waiting: z.int(),
  promised_mb: z.int().describe('memory that instances are promised; the budget bounds it'),
});
z.globalRegistry.add(platformSchema, { id: 'Platform' });

export const runtimesSchema = z.object({
  data: z.array(
    z.object({
      code: z.string().describe('what functions name, e.g. `python3.11`'),
      language: z.enum(LANGUAGES),
      version: z.string().nullable().describe('of the engine that runs it here, as far as it is known'),
      substituted: z.boolean().describe('whether that is another version than the code names'),
      problem: z.string().nullable().describe('why nothing runs it here, and what to do'),
    }),
  ),
});
z.globalRegistry.add(runtimesSchema, { id: 'Runtimes' });

export const buildSchema = z.object({
  id: z.uuid(),
  function_id: z.string(),
  status: z.enum(BUILD_STATUSES),
  dependencies: z.record(z.string(), z.string()).describe('what was asked for'),
  resolved: z.record(z.string(), z.string()).describe('the exact versions that it led to'),
  error: z
    .object({ step: z.string(), message: z.string() })
    .nullable()
    .describe("why it failed, in npm's words where npm says so"),
  created_at: at,
  ended_at: at.nullable(),
});
z.globalRegistry.add(buildSchema, { id: 'Build' });

/** A page of a list. */
export function pageSchema(item: z.ZodType): z.ZodType {
  return z.object({ data: z.array(item), next: z.string().nullable() });
}
