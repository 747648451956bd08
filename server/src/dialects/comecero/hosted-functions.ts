// The resource `hosted_functions` of the Comecero management API: list, read, create, replace code, save
// settings, delete (docs/specs/comecero.md 2.3). Reads and answers; versions/deployment.ts does what is
// asked. Mounted by comecero-api.ts.
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Builder } from '../../builds/builder.ts';
import { neededPackages, type PythonPackageParts } from '../../builds/python-packages.ts';
import type { Engines } from '../../engines/engines.ts';
import type { AccountKeys } from '../../environment/account-keys.ts';
import { openVariables, sealVariables } from '../../environment/sealed-variables.ts';
import type { Variables } from '../../environment/variables.ts';
import { fail } from '../../errors/failure.ts';
import { USUAL_SETTINGS } from '../../functions/function.ts';
import {
  type FunctionSort,
  getFunction,
  listFunctions,
  type SealedFunction,
} from '../../functions/function-store.ts';
import { ignoredHeader, ignoredMembers } from '../../http/ignored-members.ts';
import { newFunctionId } from '../../ids/ids.ts';
import type { UploadGate } from '../../limits/upload-gate.ts';
import type { Sql } from '../../postgres/database.ts';
import { type Deployment, type FunctionChange, PLAIN_BUILD } from '../../versions/deployment.ts';
import type { UnpackLimits } from '../../versions/zip-directory.ts';
import { type Answer, type ApiRequest, created, type Endpoint, found, listed, nothing } from './endpoint.ts';
import {
  type HostedFunctionFields,
  hostedFunctionBody,
  readHostedFunctionFields,
  requireComplete,
} from './hosted-function-fields.ts';
import { type HostedFunctionForm, mostUploadBytes, readHostedFunctionForm } from './hosted-function-form.ts';
import { viewHostedFunction } from './hosted-function-view.ts';
import { readListQuery } from './list-query.ts';
import { buildPython, planPythonChange } from './python-builds.ts';
import type { View } from './resource-view.ts';

export type HostedFunctionParts = {
  sql: Sql;
  deployment: Deployment;
  builder: Pick<Builder, 'requestBuild'>;
  uploadGate: UploadGate;
  keys: Pick<AccountKeys, 'seal' | 'unseal'>;
  engines: Pick<Engines, 'choose' | 'ensure'>;
  publicUrl: string;
  /** `timeoutMs` and `memoryMb` are what new functions get. */
  limits: {
    uploadBytes: number;
    variablesBytes: number;
    timeoutMs: number;
    memoryMb: number;
  } & UnpackLimits;
  pythonPackages: PythonPackageParts['pythonPackages'];
  log: Logger;
};

export const DIALECT = 'comecero';

const SORT: Record<string, FunctionSort> = {
  name: 'name',
  filename: 'filename',
  date_created: 'createdAt',
  date_modified: 'modifiedAt',
};

export function hostedFunctionEndpoints(parts: HostedFunctionParts): Endpoint[] {
  const inHand = (asked: ApiRequest, work: () => Promise<Answer>): Promise<Answer> => {
    const bytes = mostUploadBytes(asked.http, parts.limits.uploadBytes);
    const upload = { accountId: asked.world.accountId, bytes, body: asked.http.raw };
    return bytes === 0 ? work() : parts.uploadGate.during(upload, work);
  };
  const collection = '/hosted_functions';
  const item = `${collection}/:id`;
  const resource = 'hosted_functions';
  return [
    {
      method: 'GET',
      path: collection,
      permit: { resource, method: 'read' },
      answer: (asked) => list(parts, asked),
    },
    {
      method: 'GET',
      path: item,
      permit: { resource, method: 'read' },
      answer: (asked) => read(parts, asked),
    },
    {
      method: 'POST',
      path: collection,
      takes: hostedFunctionBody,
      permit: { resource, method: 'create' },
      answer: (asked) => inHand(asked, () => create(parts, asked)),
    },
    {
      method: 'POST',
      path: item,
      takes: hostedFunctionBody,
      permit: { resource, method: 'update' },
      answer: (asked) => inHand(asked, () => update(parts, asked)),
    },
    {
      method: 'DELETE',
      path: item,
      permit: { resource, method: 'delete' },
      answer: (asked) => remove(parts, asked),
    },
  ];
}

async function list(parts: HostedFunctionParts, { caller, world, query }: ApiRequest): Promise<Answer> {
  const asked = readListQuery(query, { sortKeys: Object.keys(SORT), sortBy: 'name', desc: false });
  const { functions, totalItems } = await listFunctions(parts.sql, world, {
    dialect: DIALECT,
    text: asked.q,
    sortBy: SORT[asked.sortBy] ?? 'name',
    order: asked.desc ? 'descending' : 'ascending',
    limit: asked.limit,
    offset: asked.offset,
  });
  const views = await Promise.all(functions.map((one) => view(parts, one, caller)));
  return listed(views, totalItems, asked);
}

async function read(parts: HostedFunctionParts, request: ApiRequest): Promise<Answer> {
  return found(await view(parts, await getOwn(parts, request), request.caller));
}

async function create(parts: HostedFunctionParts, { caller, world, http }: ApiRequest): Promise<Answer> {
  const { limits } = parts;
  const form = await readHostedFunctionForm(http, limits.uploadBytes);
  const fields = requireComplete(readHostedFunctionFields(form.fields, limits.variablesBytes));
  const { name, handler, runtime, description = null, variables = {} } = fields;
  requireEngine(parts, runtime);
  if (form.file === null) {
    fail('invalid_input', { message: 'file: a zip with the code is required', field: 'file' });
  }
  const needed = await neededPackages(parts, runtime, form.file.zip);
  const id = newFunctionId();
  const sealedVariables = await sealVariables(parts.keys, ownerOf(world, id), variables);
  const made = await parts.deployment.create(
    {
      accountId: world.accountId,
      mode: world.mode,
      id,
      dialect: DIALECT,
      name,
      description,
      // Nothing calls it before its packages are there.
      enabled: needed === null,
      timeoutMs: limits.timeoutMs,
      memoryMb: limits.memoryMb,
      // Code of this dialect expects Lambda's habit: module state lives on, one run at a time.
      reuse: 'warm',
      concurrency: 1,
      ...USUAL_SETTINGS,
      sealedVariables,
    },
    { handler, runtime, ...PLAIN_BUILD },
    form.file,
  );
  bringEngine(parts, made);
  if (needed !== null) {
    const note = { handler, runtime, enables: true };
    await buildPython(parts, { world, functionId: id, needed, note, code: form.file });
  }
  return created(await view(parts, made, caller), ignoredIn(form));
}

async function update(parts: HostedFunctionParts, request: ApiRequest): Promise<Answer> {
  const { caller, world, http } = request;
  // Before the body is read: nobody uploads to a function that isn't there.
  const fn = await getOwn(parts, request);
  const { id, runtime } = fn;
  const form = await readHostedFunctionForm(http, parts.limits.uploadBytes);
  const fields = readHostedFunctionFields(form.fields, parts.limits.variablesBytes);
  if (fields.runtime !== undefined && fields.runtime !== runtime) requireEngine(parts, fields.runtime);
  const start = { handler: fields.handler ?? fn.handler, runtime: fields.runtime ?? runtime };
  const plan = await planPythonChange(parts, fn, start, form.file);
  const { handler: _handler, runtime: _runtime, ...others } = fields;
  const waits = plan.kind === 'built';
  const changed = await parts.deployment.change(world, id, {
    ...(await changeOf(parts, ownerOf(world, id), waits ? others : fields)),
    ...(waits ? {} : plan.layer),
    ...(waits || form.file === null ? {} : { code: form.file }),
  });
  if (waits) await buildPython(parts, { world, functionId: id, ...plan, code: form.file });
  bringEngine(parts, changed);
  return found(await view(parts, changed, caller), ignoredIn(form));
}

/** The frame doesn't see the fields of a form. */
function ignoredIn({ fields }: HostedFunctionForm): Record<string, string> {
  return ignoredHeader(ignoredMembers(hostedFunctionBody, fields));
}

async function remove(parts: HostedFunctionParts, request: ApiRequest): Promise<Answer> {
  const { id } = await getOwn(parts, request);
  await parts.deployment.remove(request.world, id);
  return nothing();
}

async function getOwn(parts: HostedFunctionParts, { world, params }: ApiRequest): Promise<SealedFunction> {
  const own = await getFunction(parts.sql, world, params.id ?? '');
  if (own === null || own.dialect !== DIALECT)
    fail('not_found', { message: 'there is no such hosted function' });
  return own;
}

type Owner = { accountId: string; functionId: string };

function ownerOf({ accountId }: { accountId: string }, functionId: string): Owner {
  return { accountId, functionId };
}

async function changeOf(
  parts: HostedFunctionParts,
  owner: Owner,
  fields: HostedFunctionFields,
): Promise<FunctionChange> {
  const { variables, ...rest } = fields;
  if (variables === undefined) return rest;
  // Sealed before the transaction: it opens the account's key, which takes another connection the first time.
  const sealed = await sealVariables(parts.keys, owner, variables);
  return {
    ...rest,
    // The console sends the variables with every save: the same ones must not cost a new sandbox.
    reseal: async (stored) =>
      isDeepStrictEqual(await openVariables(parts.keys, owner, stored), variables) ? stored : sealed,
  };
}

/** A caller that may change a function but not read it isn't shown its variables by the answer. */
async function view(
  parts: HostedFunctionParts,
  shown: SealedFunction,
  caller: ApiRequest['caller'],
): Promise<View> {
  const variables: Variables | null = caller.permissions.hosted_functions.read
    ? await openVariables(parts.keys, ownerOf(shown, shown.id), shown.sealedVariables)
    : null;
  return viewHostedFunction(shown, variables, parts);
}

/** @throws Failure `invalid_input` where nothing on this machine runs the code: what is to be installed */
function requireEngine({ engines }: HostedFunctionParts, code: string): void {
  const chosen = engines.choose(code);
  if (!('engine' in chosen))
    fail('invalid_input', { message: `environment: ${chosen.problem}`, field: 'environment' });
}

/** Starts to fetch the engine that the function will need; the first call waits for what is left of it. */
function bringEngine({ engines, log }: HostedFunctionParts, { runtime }: SealedFunction): void {
  const chosen = engines.choose(runtime);
  if (!('engine' in chosen)) return;
  engines.ensure(chosen.engine).catch((err: unknown) => {
    log.warn(
      { err, runtime },
      'the engine of a new function could not be installed; its first call tries again',
    );
  });
}
