// The shapes of what Millrace's own API answers and takes, as zod schemas: they are what openapi.json shows.
import { z } from 'zod';

const at = z.iso.datetime();

export const runSchema = z.object({
  id: z.uuid(),
  function_id: z.string(),
  version: z.int(),
  trigger: z.string().describe('what kind of thing started it: `http`'),
  cause: z.record(z.string(), z.unknown()).describe('for people: method, path and address of a call'),
  status: z.enum([
    'queued',
    'running',
    'succeeded',
    'failed',
    'timed_out',
    'out_of_memory',
    'crashed',
    'cancelled',
    'dead',
  ]),
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
  error: z.object({ type: z.string(), message: z.string(), stack: z.string() }).nullable(),
});

export const logLineSchema = z.object({
  at,
  stream: z.enum(['stdout', 'stderr', 'platform']),
  text: z.string(),
});

export const functionSchema = z.object({
  id: z.string(),
  dialect: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  enabled: z.boolean(),
  timeout_ms: z.int(),
  memory_mb: z.int(),
  reuse: z.enum(['warm', 'none']),
  concurrency: z.int(),
  version: z.int().describe('number of the active version'),
  handler: z.string(),
  runtime: z.string(),
  created_at: at,
  modified_at: at,
});

export const versionSchema = z.object({
  number: z.int(),
  active: z.boolean(),
  content_hash: z.string().describe('SHA-256 of the zip'),
  filename: z.string(),
  bytes: z.int(),
  handler: z.string(),
  runtime: z.string(),
  created_at: at,
});

export const platformSchema = z.object({
  sandbox: z.string().describe('how functions are jailed'),
  warnings: z.array(z.string()),
  engines: z.array(z.object({ major: z.int(), version: z.string() })),
  instances: z.int(),
  idle: z.int(),
  waiting: z.int(),
  promised_mb: z.int().describe('memory that instances are promised; the budget bounds it'),
});

/** A page of a list. */
export function pageSchema(item: z.ZodType): z.ZodType {
  return z.object({ data: z.array(item), next: z.string().nullable() });
}
