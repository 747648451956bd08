// Functions that this API makes itself: POST /functions, their code, variables and copies. What it means for
// the function: own-functions.ts. Code and variables of other dialects' functions are changed by those.
import { z } from 'zod';
import { checkDependencies, type PackageRules } from '../builds/dependencies.ts';
import { sealVariables } from '../environment/sealed-variables.ts';
import { fail } from '../errors/failure.ts';
import type { SealedFunction } from '../functions/function-store.ts';
import { readInput } from '../http/read-input.ts';
import type { UploadGate } from '../limits/upload-gate.ts';
import type { Threads } from '../threads/thread-pool.ts';
import type { UploadedCode } from '../versions/deployment.ts';
import { buildSchema, functionSchema } from './api-schemas.ts';
import { buildView } from './build-endpoints.ts';
import { codeSchema, filesSchema, readCode, readCodeBody } from './code-input.ts';
import { conventionOf, conventionSchema } from './convention-name.ts';
import { functionView, oneFunction } from './function-endpoints.ts';
import {
  handlerField,
  nameField,
  noteField,
  runtimeField,
  settingFields,
  settingsOf,
} from './function-fields.ts';
import {
  replaceVariables,
  shownVariablesSchema,
  variablesField,
  variablesView,
} from './function-variables.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import {
  changeCode,
  copyFunction,
  createFunction,
  type Deployed,
  type OwnFunctionParts,
  openVariablesOf,
  requireOwn,
  requireRunnable,
  type Start,
} from './own-functions.ts';

type Parts = OwnFunctionParts & {
  threads: Threads;
  packages: PackageRules;
  uploadGate: Pick<UploadGate, 'during'>;
};

const READ = { resource: 'hosted_functions', method: 'read' } as const;
const CREATE = { resource: 'hosted_functions', method: 'create' } as const;
const UPDATE = { resource: 'hosted_functions', method: 'update' } as const;

const HANDLER = 'index.handler';
const BODY_FILE = 'function.js';
const RUNTIME = 'nodejs24.x';
const NO_VARIABLES = { variables: {}, secretNames: [] };

const dependenciesField = z
  .record(z.string(), z.unknown(), 'must be an object: {"name": "version"}')
  .describe('packages of npm beside the code: name and version, range or `latest`');

const codeFields = {
  code: codeSchema.optional(),
  handler: handlerField.optional().describe(`usually ${HANDLER}; of a body its file, usually ${BODY_FILE}`),
  runtime: runtimeField.optional().describe(`usually ${RUNTIME}`),
  convention: conventionSchema.optional(),
  dependencies: dependenciesField.optional(),
  note: noteField.optional().describe('about the version'),
};
const newCodeSchema = z.strictObject({
  ...codeFields,
  files: filesSchema.optional().describe('in place of code.files: as GET shows them'),
  canary_percent: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('the new version gets this part of the runs, and is not the active one yet'),
});
type CodeFields = z.infer<typeof newCodeSchema>;
type StartFields = Pick<CodeFields, 'code' | 'handler' | 'runtime' | 'convention'>;

const deployedSchema = functionSchema.extend({
  build: buildSchema.nullable().describe('of its packages, which the code waits for; null: it needs none'),
});
z.globalRegistry.add(deployedSchema, { id: 'DeployedFunction' });
const copySchema = z.strictObject({ name: nameField });
const variablesSchema = z.strictObject({ variables: variablesField });

export function ownFunctionEndpoints(parts: Parts): ApiEndpoint[] {
  const { name, ...others } = settingFields(parts.limits);
  const newSchema = z.strictObject({
    ...{ name, ...z.strictObject(others).partial().shape },
    ...{ ...codeFields, variables: variablesField.optional() },
  });
  return [
    {
      method: 'POST',
      path: '/functions',
      summary: 'Makes a function of code, settings and variables',
      permit: CREATE,
      takesUpload: true,
      body: newSchema,
      status: 201,
      madeApart: true,
      response: deployedSchema,
      answer: async (request) => {
        const read = readCodeBody(newSchema, request.body);
        const start = startOf(read, null);
        const code = (await codeOf(parts, request, read, start)) ?? noCode();
        const given = read.variables ?? {};
        const variables = replaceVariables(NO_VARIABLES, given, parts.limits.inlineVariablesBytes);
        const { name: newName, ...settings } = settingsOf(read);
        const wanted = {
          ...{ start, code, variables, origin: originOf(request, read) },
          settings: { ...settings, name: newName ?? read.name },
          dependencies: dependenciesOf(parts, read),
        };
        return deployedView(
          await unpacking(parts, request, () => createFunction(parts, request.world, wanted)),
        );
      },
    },
    {
      method: 'PUT',
      path: '/functions/:id/code',
      summary:
        'Gives a function code: the new version is active when the answer is there, or its packages are',
      permit: UPDATE,
      takesUpload: true,
      body: newCodeSchema,
      response: deployedSchema,
      answer: async (request) => {
        const fn = await ownFunction(parts, request);
        const { files, canary_percent: percent, ...read } = readCodeBody(newCodeSchema, request.body);
        const start = startOf(read, fn);
        const given = files === undefined ? read : { ...read, code: withFiles(read, files) };
        const code = await codeOf(parts, request, given, start);
        if (code === null && !changesStart(read)) noCode();
        const change = {
          start,
          code,
          dependencies: dependenciesOf(parts, read),
          origin: originOf(request, read),
          ...(percent === undefined ? {} : { canary: { percent, header: null } }),
        };
        return deployedView(
          await unpacking(parts, request, () => changeCode(parts, request.world, fn, change)),
        );
      },
    },
    {
      method: 'POST',
      path: '/functions/:id/copy',
      summary: 'Makes another function of the same code, settings, variables and packages',
      permit: [CREATE, READ],
      body: copySchema,
      status: 201,
      madeApart: true,
      foundBelow: '/functions',
      response: functionSchema,
      answer: async (request) => {
        const { name: given } = readInput(copySchema, request.body ?? {}, 'the request body');
        const fn = await ownFunction(parts, request);
        const copy = () => copyFunction(parts, fn, { name: given, madeBy: request.tokenId });
        return functionView(
          await parts.uploadGate.during({ accountId: fn.accountId, bytes: fn.sizeBytes }, copy),
        );
      },
    },
    {
      method: 'GET',
      path: '/functions/:id/variables',
      summary: 'Variables of a function, without the values of secrets',
      permit: READ,
      response: shownVariablesSchema,
      answer: async (request) =>
        variablesView(await openVariablesOf(parts, await ownFunction(parts, request))),
    },
    {
      method: 'PUT',
      path: '/functions/:id/variables',
      summary: 'Replaces the variables of a function: what is not named goes; its next run has them',
      permit: UPDATE,
      body: variablesSchema,
      response: shownVariablesSchema,
      answer: async (request) => {
        const { variables: given } = readInput(variablesSchema, request.body ?? {}, 'the request body');
        return variablesView(await putVariables(parts, request, await ownFunction(parts, request), given));
      },
    },
  ];
}

async function putVariables(
  parts: Parts,
  { world }: ApiRequest,
  fn: SealedFunction,
  given: z.infer<typeof variablesField>,
) {
  const limitBytes = parts.limits.inlineVariablesBytes;
  const after = replaceVariables(await openVariablesOf(parts, fn), given, limitBytes);
  const owner = { accountId: fn.accountId, functionId: fn.id };
  const sealed = await sealVariables(parts.keys, owner, after.variables);
  const reseal = (stored: Buffer | null): Buffer | null => {
    if (isSame(stored, fn.sealedVariables)) return sealed;
    return fail('conflict', { message: 'the variables were changed by others meanwhile: read them again' });
  };
  await parts.deployment.change(world, fn.id, { secretNames: after.secretNames, reseal });
  return after;
}

function isSame(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

async function ownFunction(parts: Parts, request: ApiRequest): Promise<SealedFunction> {
  const fn = await oneFunction({ sql: parts.database }, request);
  requireOwn(fn);
  return fn;
}

/**
 * What came as JSON may unpack to as much as an uploaded zip, and waits for the same room; an upload has it
 * already.
 */
function unpacking<T>(
  { uploadGate }: Parts,
  { world, upload }: ApiRequest,
  work: () => Promise<T>,
): Promise<T> {
  return upload === null ? uploadGate.during({ accountId: world.accountId, bytes: 0 }, work) : work();
}

/** What isn't said stays as it is, or is what is usual. */
export function startOf(read: StartFields, before: Start | null): Start {
  const convention = read.convention === undefined ? before?.convention : conventionOf(read.convention);
  const usual = convention === 'body' ? BODY_FILE : HANDLER;
  return {
    handler: read.handler ?? before?.handler ?? usual,
    runtime: read.runtime ?? before?.runtime ?? RUNTIME,
    convention: convention ?? 'lambda',
  };
}

function codeOf(
  { threads, engines }: Parts,
  { world, upload }: ApiRequest,
  { code }: CodeFields,
  start: Start,
): Promise<UploadedCode | null> {
  requireRunnable({ engines }, start);
  return readCode(threads, world.accountId, { code, upload }, start);
}

/** Whether there is something to change about the code that the function has. */
function changesStart({ handler, runtime, convention, dependencies }: CodeFields): boolean {
  return [handler, runtime, convention, dependencies].some((field) => field !== undefined);
}

function withFiles({ code }: CodeFields, files: z.infer<typeof filesSchema>) {
  if (code !== undefined)
    fail('invalid_input', { message: 'files: is there twice: beside code', field: 'files' });
  return { files };
}

function dependenciesOf({ packages }: Parts, { dependencies }: CodeFields): Record<string, string> | null {
  return dependencies === undefined ? null : checkDependencies(dependencies, packages, 'dependencies');
}

function originOf({ tokenId }: ApiRequest, { note = null }: CodeFields) {
  return { note, madeBy: tokenId };
}

export function noCode(): never {
  return fail('invalid_input', {
    message: 'code: is required: {"inline": "..."}, {"files": {...}}, {"zip": "..."}, or an uploaded zip',
    field: 'code',
  });
}

function deployedView({ fn, build }: Deployed): z.input<typeof deployedSchema> {
  return { ...functionView(fn), build: build === null ? null : buildView(build) };
}
