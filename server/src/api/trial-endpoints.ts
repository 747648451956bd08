// Code that isn't saved: does it load (POST /functions/validate, /functions/{id}/validate), and what does it
// do (POST /functions/test, /functions/{id}/test). Of a function, what isn't given is the function's own.
// Makes no version and changes no function.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { type FunctionSettings, type RunnableFunction, USUAL_SETTINGS } from '../functions/function.ts';
import type { FunctionDirectory } from '../functions/function-directory.ts';
import { OWN_DIALECT } from '../functions/own-dialect.ts';
import type { CodeTrials, TriedCode } from '../gateway/try-code.ts';
import { readInput } from '../http/read-input.ts';
import type { RunLogLine } from '../logs/run-log.ts';
import { runLog } from '../logs/run-log.ts';
import { findLogLines } from '../runs/run-log-store.ts';
import type { RunRecorder } from '../runs/run-recorder.ts';
import { runToShow } from '../runs/run-to-show.ts';
import type { Threads } from '../threads/thread-pool.ts';
import { logLineSchema, runError, runSchema } from './api-schemas.ts';
import { codeSchema, readCode, readCodeBody } from './code-input.ts';
import { conventionSchema } from './convention-name.ts';
import { oneFunction } from './function-endpoints.ts';
import { handlerField, runtimeField, settingFields, settingsOf } from './function-fields.ts';
import { type OpenVariables, replaceVariables, variablesField } from './function-variables.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { noCode, startOf } from './own-function-endpoints.ts';
import { majorOf, type OwnFunctionParts, requireRunnable, type Start } from './own-functions.ts';
import { runView } from './run-view.ts';
import { inputFieldOf, trialInput, triggerField } from './trial-input.ts';

type Parts = Pick<OwnFunctionParts, 'database' | 'engines' | 'limits' | 'newId'> & {
  threads: Threads;
  functions: Pick<FunctionDirectory, 'find'>;
  trials: CodeTrials;
  recorder: Pick<RunRecorder, 'flush'>;
  /** Unix time in ms. */
  clock(): number;
};

/** It takes code, and runs it. */
const PERMIT = [
  { resource: 'hosted_functions', method: 'update' },
  { resource: 'hosted_function_executions', method: 'create' },
] as const;

const loadingSchema = z.object({
  loads: z.boolean(),
  engine: z.string().nullable().describe('what it runs on'),
  error: runError.describe('why it does not load'),
  logs: z.array(logLineSchema).describe('what it printed before it failed'),
});
z.globalRegistry.add(loadingSchema, { id: 'Loading' });
const triedSchema = z.object({
  run: runSchema,
  result: z.unknown().describe('what it returned; null where it failed'),
  answer: z
    .object({
      status: z.int(),
      headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
      body: z.string(),
      base64: z.boolean().describe('whether the body is base64 of bytes'),
    })
    .nullable()
    .describe('what a caller over HTTP would get'),
  logs: z.array(logLineSchema),
});
z.globalRegistry.add(triedSchema, { id: 'Trial' });

export function trialEndpoints(parts: Parts): ApiEndpoint[] {
  const { timeout_ms, memory_mb, reuse } = settingFields(parts.limits);
  const codeFields = {
    ...{ code: codeSchema.optional(), handler: handlerField.optional(), runtime: runtimeField.optional() },
    ...{ convention: conventionSchema.optional(), variables: variablesField.optional() },
    ...z.strictObject({ timeout_ms, memory_mb, reuse }).partial().shape,
  };
  const validateSchema = z.strictObject(codeFields);
  const testSchema = z.strictObject({
    ...{ ...codeFields, trigger: triggerField.optional() },
    input: z
      .unknown()
      .optional()
      .describe(
        'data; of a trigger over HTTP `{method, path, query, headers, body}`; of `account_event` `{type, data}`',
      ),
  });
  const validate = async (request: ApiRequest, base: RunnableFunction | null) => {
    const read = readCodeBody(validateSchema, request.body);
    return loadingView(await parts.trials.load(await triedCode(parts, request, read, base)));
  };
  const test = async (request: ApiRequest, base: RunnableFunction | null) => {
    const { input, trigger = 'api_direct', ...read } = readCodeBody(testSchema, request.body);
    const given = readInput(z.object({ input: inputFieldOf(trigger) }), { input }, 'input');
    const tried = await triedCode(parts, request, read, base);
    const made = trialInput(trigger, given.input, { nowMs: parts.clock(), ip: request.ip });
    return await show(
      parts,
      request,
      await parts.trials.run(tried, { input: made, cause: { ip: request.ip } }),
    );
  };
  const taking = { method: 'POST', permit: PERMIT, takesUpload: true } as const;
  return [
    {
      ...{ ...taking, path: '/functions/validate', body: validateSchema, response: loadingSchema },
      summary: 'Loads code without calling it: it becomes no version',
      answer: (request) => validate(request, null),
    },
    {
      ...{ ...taking, path: '/functions/:id/validate', body: validateSchema, response: loadingSchema },
      summary: 'The same with what is not given taken from a function',
      answer: async (request) => validate(request, await baseOf(parts, request)),
    },
    {
      ...{ ...taking, path: '/functions/test', body: testSchema, response: triedSchema },
      summary: 'Runs code that is not saved, once: the run is kept, and marked as a test',
      answer: (request) => test(request, null),
    },
    {
      ...{ ...taking, path: '/functions/:id/test', body: testSchema, response: triedSchema },
      summary: 'The same with what is not given taken from a function: a test is no fault of it',
      answer: async (request) => test(request, await baseOf(parts, request)),
    },
  ];
}

async function baseOf(parts: Parts, request: ApiRequest): Promise<RunnableFunction> {
  const { id } = await oneFunction({ sql: parts.database }, request);
  const fn = await parts.functions.find(id);
  return fn ?? fail('not_found', { message: 'there is no such function' });
}

type Read = Parameters<typeof startOf>[0] & {
  variables?: z.infer<typeof variablesField> | undefined;
} & Pick<Parameters<typeof settingsOf>[0], 'timeout_ms' | 'memory_mb' | 'reuse'>;

async function triedCode(
  parts: Parts,
  { world, upload }: ApiRequest,
  read: Read,
  base: RunnableFunction | null,
): Promise<TriedCode> {
  const start = startOf(read, base);
  requireRunnable(parts, start);
  const code = await readCode(parts.threads, world.accountId, { code: read.code, upload }, start);
  if (code === null && base === null) noCode();
  const fn = base ?? unsaved(parts, world, start);
  const before: OpenVariables = { variables: fn.variables, secretNames: fn.secretNames };
  const limitBytes = parts.limits.inlineVariablesBytes;
  const variables =
    read.variables === undefined ? before : replaceVariables(before, read.variables, limitBytes);
  const settings: Partial<FunctionSettings> = settingsOf(read);
  // One run: there is nothing to share an instance with.
  const tried = { ...fn, ...settings, ...start, ...variables, concurrency: 1 };
  return { fn: { ...tried, ...layerFor(fn, start) }, zip: code?.zip ?? null };
}

/** Packages are of one version of Node. */
function layerFor(fn: RunnableFunction, start: Start): Partial<RunnableFunction> {
  return majorOf(fn.runtime) === majorOf(start.runtime) ? {} : { layerHash: null, dependencies: {} };
}

/** A function that there isn't: its runs are found by their own ids. */
function unsaved(
  { limits, newId, clock }: Parts,
  world: ApiRequest['world'],
  start: Start,
): RunnableFunction {
  const now = new Date(clock());
  return {
    ...{ ...world, ...start, ...USUAL_SETTINGS, id: newId(), dialect: OWN_DIALECT, name: 'test' },
    ...{ description: null, enabled: true, timeoutMs: limits.timeoutMs, memoryMb: limits.memoryMb },
    ...{ reuse: start.convention === 'body' ? 'none' : 'warm', concurrency: 1, version: 0, variables: {} },
    ...{ bundleHash: '', layerHash: null, dependencies: {}, disabledReason: null, pausedAt: null },
    ...{ filename: '', sizeBytes: 0, revision: 0, createdAt: now, modifiedAt: now },
  };
}

function loadingView(loading: Awaited<ReturnType<CodeTrials['load']>>): z.input<typeof loadingSchema> {
  if (loading.kind === 'loaded') return { loads: true, engine: loading.engine, error: null, logs: [] };
  return { loads: false, engine: null, error: loading.error, logs: loading.lines.map(lineView) };
}

async function show(
  parts: Parts,
  { world }: ApiRequest,
  called: Awaited<ReturnType<CodeTrials['run']>>,
): Promise<z.input<typeof triedSchema>> {
  const { runId, outcome, answer } = called;
  const run = await runToShow({ ...parts, sql: parts.database }, world, called);
  const { lines, truncated } = await findLogLines(parts.database, world, runId);
  return {
    run: runView(run),
    result: outcome.end === 'returned' ? (JSON.parse(outcome.result.toString()) as unknown) : null,
    answer: answer === null ? null : answerView(answer),
    logs: runLog(run, lines, truncated).map(lineView),
  };
}

function answerView({
  status,
  headers,
  body,
}: NonNullable<Awaited<ReturnType<CodeTrials['run']>>['answer']>) {
  const base64 = typeof body !== 'string';
  return { status, headers, body: base64 ? body.toString('base64') : body, base64 };
}

function lineView({ at, stream, text }: RunLogLine): z.input<typeof logLineSchema> {
  return { at: new Date(at).toISOString(), stream, text };
}
