// The functions of API v2: list, read, create, edit, import, export, trigger (docs/specs/revcent.md section
// 8). Each reads, acts, and shows; the frame does the rest.
import { z } from 'zod';
import type { World } from '../../accounts/account.ts';
import { findBuild } from '../../builds/build-store.ts';
import { openVariables } from '../../environment/sealed-variables.ts';
import { fail } from '../../errors/failure.ts';
import { listFunctions, type SealedFunction } from '../../functions/function-store.ts';
import type { AcceptRun } from '../../gateway/accept-run.ts';
import { readInput } from '../../http/read-input.ts';
import type { Sql } from '../../postgres/database.ts';
import { readAtOneMoment } from '../../postgres/read-at-one-moment.ts';
import type { Threads } from '../../threads/thread-pool.ts';
import type { Trigger } from '../../triggers/trigger.ts';
import { listTriggers } from '../../triggers/trigger-store.ts';
import { readArguments } from './argument-values.ts';
import { cronEndpoint } from './cron-endpoint.ts';
import { draftFields, readDraft } from './function-draft.ts';
import { DIALECT } from './function-packages.ts';
import { USUAL_REVCENT_SETTINGS } from './function-settings.ts';
import { type KeptSettings, settingsOf } from './function-settings-store.ts';
import { shownVariables } from './function-variables.ts';
import { functionView } from './function-view.ts';
import { type ImportRules, writeImportFile } from './import-file.ts';
import { readPage } from './page-query.ts';
import { checkCode, readImportInThread } from './read-in-thread.ts';
import type { RevcentAnswer, RevcentEndpoint, RevcentRequest } from './revcent-api.ts';
import { functionRunId, ITEM_ID } from './revcent-ids.ts';
import {
  changeFunction,
  createFunction,
  getSaved,
  type SavedFunction,
  type SaveParts,
} from './save-function.ts';

export type FunctionEndpointParts = SaveParts & {
  publicUrl: string;
  accept: AcceptRun;
  threads: Threads;
};

const READ = { resource: 'hosted_functions', method: 'read' } as const;
const CREATE = { resource: 'hosted_functions', method: 'create' } as const;
const UPDATE = { resource: 'hosted_functions', method: 'update' } as const;
const TRIGGER = { resource: 'hosted_function_executions', method: 'create' } as const;

/** Of an import file: the longest code, and as much again for its escapes and everything else. */
const IMPORT_BYTES = 4 * 1024 * 1024;

/** A world has few triggers of one function: addresses and schedule. */
const MOST_TRIGGERS = 100;

export function functionEndpoints(parts: FunctionEndpointParts): RevcentEndpoint[] {
  const one = '/functions/:id';
  return [
    { method: 'GET', path: '/functions', permit: READ, answer: (request) => list(parts, request) },
    {
      ...{ method: 'POST', path: '/functions', permit: CREATE, takes: draftFields },
      answer: (request) => create(parts, request),
    },
    {
      method: 'POST',
      path: '/functions/import',
      permit: CREATE,
      bodyLimitBytes: IMPORT_BYTES,
      answer: (request) => importOne(parts, request),
    },
    cronEndpoint(parts),
    {
      ...{ method: 'GET', path: one, permit: READ, reportsWork: true },
      answer: (request) => read(parts, request),
    },
    {
      ...{ method: 'POST', path: one, permit: UPDATE, takes: draftFields },
      answer: (request) => edit(parts, request),
    },
    { method: 'GET', path: `${one}/export`, permit: READ, answer: (request) => exportOne(parts, request) },
    {
      method: 'POST',
      path: `${one}/trigger`,
      permit: TRIGGER,
      takes: triggerSchema,
      takesPayload: true,
      answer: (request) => trigger(parts, request),
    },
  ];
}

export function rulesOf({ limits, packages }: FunctionEndpointParts): ImportRules {
  return { bounds: { delayLeastMs: limits.delayLeastMs, delayMostMs: limits.delayMostMs }, packages };
}

async function list(parts: FunctionEndpointParts, { world, query }: RevcentRequest): Promise<RevcentAnswer> {
  const { limit, page, offset } = readPage(query);
  const wanted = { dialect: DIALECT, text: null, sortBy: 'createdAt', order: 'descending' } as const;
  const { functions } = await listFunctions(parts.database, world, { ...wanted, limit, offset });
  const kept = await settingsOf(
    parts.database,
    world,
    functions.map(({ id }) => id),
  );
  const saved = functions.flatMap((fn) => {
    const settings = kept.get(fn.id);
    return settings === undefined ? [] : [{ fn, kept: settings }];
  });
  return { page, results: await Promise.all(saved.map((one) => viewOf(parts, world, one, false))) };
}

/** At one moment: where the build is over, its packages are shown as installed. */
async function read(parts: FunctionEndpointParts, { world, params }: RevcentRequest): Promise<RevcentAnswer> {
  const body = await readAtOneMoment(parts.database, async (sql) => {
    const saved = await getSaved(sql, world, params.id ?? '');
    return await viewOf({ ...parts, database: sql }, world, saved, true);
  });
  return { body };
}

async function create(parts: FunctionEndpointParts, { world, body }: RevcentRequest): Promise<RevcentAnswer> {
  const rules = { ...rulesOf(parts), required: ['name'], known: USUAL_REVCENT_SETTINGS } as const;
  const draft = readDraft(body(), rules);
  const saved = await createFunction(parts, world, draft, draft.enabled ?? true);
  return {
    body: { ...(await viewOf(parts, world, saved, true)), ...(await warningsOf(parts, world, draft.code)) },
  };
}

async function edit(
  parts: FunctionEndpointParts,
  { world, params, body }: RevcentRequest,
): Promise<RevcentAnswer> {
  const { fn, kept } = await getSaved(parts.database, world, params.id ?? '');
  const draft = readDraft(body(), { ...rulesOf(parts), required: [], known: kept.settings });
  const saved = await changeFunction(parts, world, fn.id, draft);
  return {
    body: { ...(await viewOf(parts, world, saved, true)), ...(await warningsOf(parts, world, draft.code)) },
  };
}

/** Always disabled at first: its owner looks at it before it runs. */
async function importOne(
  parts: FunctionEndpointParts,
  { world, text }: RevcentRequest,
): Promise<RevcentAnswer> {
  const { draft, ignored } = await readImportInThread(parts.threads, world.accountId, {
    text,
    ...rulesOf(parts),
  });
  const saved = await createFunction(parts, world, draft, false);
  return {
    ignored,
    body: { ...(await viewOf(parts, world, saved, true)), ...(await warningsOf(parts, world, draft.code)) },
  };
}

async function exportOne(
  parts: FunctionEndpointParts,
  { world, params }: RevcentRequest,
): Promise<RevcentAnswer> {
  const { fn, kept } = await getSaved(parts.database, world, params.id ?? '');
  const variables = shownVariables(await variablesOf(parts, fn));
  const file = writeImportFile(fn, kept.settings, kept.code, variables);
  return { body: { function_id: fn.id, import_file: file } };
}

const triggerSchema = z.object({
  item_type: z.string().min(1).max(64).nullish(),
  item_id: z.string().regex(ITEM_ID, 'must be an id of 20 letters and digits').nullish(),
  item_details: z.record(z.string(), z.unknown()).nullish(),
  custom_arguments: z.unknown().optional(),
});

/** Answers once the run is on disk: it is looked at by its id. */
async function trigger(
  parts: FunctionEndpointParts,
  { world, params, body }: RevcentRequest,
): Promise<RevcentAnswer> {
  const { fn, kept } = await getSaved(parts.database, world, params.id ?? '');
  const { eventSource, customArguments } = kept.settings;
  if (eventSource !== 'api_direct') {
    fail('invalid_state', {
      message: `only functions with the trigger api_direct can be triggered, not ${eventSource}`,
    });
  }
  const asked = readInput(triggerSchema, body() ?? {}, 'the request body');
  const values = readArguments(customArguments, asked.custom_arguments);
  const data = {
    item_type: asked.item_type ?? null,
    item_id: asked.item_id ?? null,
    item_details: asked.item_details ?? {},
    custom_arguments: values,
  };
  const input = { trigger: 'api_direct', source: { id: fn.id, name: fn.name }, data } as const;
  const cause = { item_type: data.item_type, item_id: data.item_id };
  const run = await parts.accept({ world, functionId: fn.id, input, cause });
  return { body: { function_id: fn.id, function_run_id: functionRunId(run.id), run_id: run.id } };
}

async function warningsOf(
  { threads }: FunctionEndpointParts,
  { accountId }: World,
  code: string | undefined,
): Promise<Record<string, unknown>> {
  const warning = code === undefined ? null : await checkCode(threads, accountId, code);
  return warning === null ? {} : { warnings: [{ field: 'function_code', ...warning }] };
}

type ViewParts = Pick<FunctionEndpointParts, 'keys' | 'publicUrl'> & { database: Sql };

async function viewOf(
  parts: ViewParts,
  world: World,
  saved: SavedFunction,
  withCode: boolean,
): Promise<Record<string, unknown>> {
  const { fn, kept } = saved;
  const [own, addresses, build] = await Promise.all([
    variablesOf(parts, fn),
    addressesOf(parts, world, kept),
    kept.buildId === null ? null : findBuild(parts.database, world, kept.buildId),
  ]);
  return functionView({
    saved,
    variables: shownVariables(own),
    addresses,
    build,
    code: withCode ? kept.code : null,
  });
}

async function variablesOf(parts: Pick<ViewParts, 'keys'>, fn: SealedFunction) {
  const owner = { accountId: fn.accountId, functionId: fn.id };
  const variables = await openVariables(parts.keys, owner, fn.sealedVariables);
  return { variables, secretNames: fn.secretNames };
}

async function addressesOf(parts: ViewParts, world: World, kept: KeptSettings) {
  const query = { functionId: kept.functionId, kind: null, limit: MOST_TRIGGERS, after: null };
  const triggers = await listTriggers(parts.database, world, query);
  const url = (kind: Trigger['kind'], prefix: string): string | null => {
    const own = triggers.find(({ id }) => id === kept.triggerIds[kind]);
    return own !== undefined && 'address' in own ? `${parts.publicUrl}/${prefix}/${own.address}` : null;
  };
  return { functionUrl: url('function_url', 'fn'), webhookUrl: url('webhook', 'hook') };
}
