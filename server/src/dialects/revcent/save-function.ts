// Makes and changes functions of this dialect: code, settings, variables and trigger in one transaction,
// packages asked for in the same. Called by the API and the import; what the fields mean was checked before.
import type { World } from '../../accounts/account.ts';
import { checkDependencies, type PackageRules } from '../../builds/dependencies.ts';
import type { Limits } from '../../config/limits.ts';
import type { AccountKeys } from '../../environment/account-keys.ts';
import { openVariables, sealVariables } from '../../environment/sealed-variables.ts';
import { fail } from '../../errors/failure.ts';
import { USUAL_SETTINGS } from '../../functions/function.ts';
import { getFunction, type SealedFunction } from '../../functions/function-store.ts';
import type { Sql } from '../../postgres/database.ts';
import type { Deployment, FunctionChange } from '../../versions/deployment.ts';
import { followSettings } from './follow-settings.ts';
import { type FunctionDraft, requireWhole } from './function-draft.ts';
import {
  buildPackages,
  bundleOf,
  CODE_FILE,
  DIALECT,
  hasPackages,
  type PackageParts,
  wantsBuild,
} from './function-packages.ts';
import { type RevcentSettings, USUAL_REVCENT_SETTINGS } from './function-settings.ts';
import {
  claimName,
  getSettings,
  insertSettings,
  type KeptSettings,
  replaceSettings,
} from './function-settings-store.ts';
import { upsertVariables } from './function-variables.ts';
import { newRevcentId } from './revcent-ids.ts';

const VERSION_BUILD = { handler: CODE_FILE, runtime: 'nodejs20.x', convention: 'body', layer: null } as const;
/**
 * Faults in a row after which a function is disabled: the page speaks of automatic disabling, the number is
 * ours.
 */
const DISABLE_AFTER_FAULTS = 10;
/** Of one change that others overtake. */
const MOST_TRIES = 100;
const NO_VARIABLES = { variables: {}, secretNames: [] };
/** What a new function runs until its packages are there. */
const UNBUILT = `callback('The packages of this function are not installed yet: look at its build.');`;

export type SaveParts = PackageParts & {
  deployment: Deployment;
  keys: AccountKeys;
  limits: Limits;
  packages: PackageRules;
  /** Unix time in ms. */
  clock(): number;
};

export type SavedFunction = { fn: SealedFunction; kept: KeptSettings };

/** @throws Failure `conflict` for a name that is taken, ProblemsFound, `invalid_input` */
export async function createFunction(
  parts: SaveParts,
  world: World,
  draft: FunctionDraft,
  enabled: boolean,
): Promise<SavedFunction> {
  const id = newRevcentId();
  const { name, code = '' } = draft;
  if (name === undefined) fail('invalid_input', { message: 'name: is required', field: 'name' });
  const settings = settled(parts, { ...USUAL_REVCENT_SETTINGS, ...draft.settings }, draft);
  const limitBytes = parts.limits.inlineVariablesBytes;
  const { variables, secretNames } = upsertVariables(NO_VARIABLES, draft.variables ?? [], limitBytes);
  const owner = { accountId: world.accountId, functionId: id };
  const made = {
    ...{ accountId: world.accountId, mode: world.mode, id, dialect: DIALECT, name, enabled },
    ...{ description: draft.description ?? null, timeoutMs: parts.limits.timeoutMs },
    ...{ memoryMb: parts.limits.memoryMb, reuse: 'none' as const, concurrency: 1, ...USUAL_SETTINGS },
    ...{ disableAfterFaults: DISABLE_AFTER_FAULTS, secretNames },
    sealedVariables: await sealVariables(parts.keys, owner, variables),
  };
  const needsBuild = hasPackages(settings);
  const first = await bundleOf(needsBuild ? UNBUILT : code, {});
  await parts.deployment.create(made, VERSION_BUILD, first, async (sql) => {
    await requireFreeName(sql, world, { name, exceptId: null });
    const followed = { functionId: id, settings, triggerIds: {}, nowMs: parts.clock() };
    const triggerIds = await followSettings(sql, world, followed);
    await insertSettings(sql, world, { functionId: id, name, settings, code, buildId: null, triggerIds });
  });
  if (needsBuild) await buildPackages(parts, world, id);
  return await getSaved(parts.database, world, id);
}

/**
 * Another caller's change of the same function at the same time is never undone by this one: what has been
 * changed meanwhile is read again, and this change put upon it.
 * @throws Failure `not_found`, and as {@link createFunction}
 */
export async function changeFunction(
  parts: SaveParts,
  world: World,
  id: string,
  draft: FunctionDraft,
): Promise<SavedFunction> {
  for (let left = MOST_TRIES - 1; ; left -= 1) {
    const before = await getSaved(parts.database, world, id);
    const done = await changeOnce(parts, world, before, draft);
    if (done !== 'overtaken') {
      if (done === 'needs build') await buildPackages(parts, world, id);
      return await getSaved(parts.database, world, id);
    }
    if (left === 0) fail('conflict', { message: 'the function is being changed by others: try again' });
  }
}

type Changed = 'changed' | 'needs build' | 'overtaken';

async function changeOnce(
  parts: SaveParts,
  world: World,
  { fn, kept }: SavedFunction,
  draft: FunctionDraft,
): Promise<Changed> {
  const settings = settled(parts, { ...kept.settings, ...draft.settings }, draft);
  const { name = kept.name, code = kept.code } = draft;
  const needsBuild = await wantsBuild({ sql: parts.database, world }, kept, settings, code);
  const change: FunctionChange = { ...plainChange(draft), ...(await variableChange(parts, fn, draft)) };
  if (code !== kept.code && !needsBuild) change.code = await bundleOf(code, settings.dependencies);
  const buildId = needsBuild ? null : kept.buildId;
  let isOvertaken = false;
  change.also = async (sql) => {
    if (name !== kept.name) await requireFreeName(sql, world, { name, exceptId: fn.id });
    const followed = { functionId: fn.id, settings, triggerIds: kept.triggerIds, nowMs: parts.clock() };
    const triggerIds = await followSettings(sql, world, followed);
    const after = { ...kept, name, settings, code, buildId, triggerIds };
    isOvertaken = !(await replaceSettings(sql, world, after));
    if (isOvertaken) fail('conflict', { message: 'the function was changed meanwhile' });
  };
  try {
    await parts.deployment.change(world, fn.id, change);
  } catch (error) {
    if (isOvertaken) return 'overtaken';
    throw error;
  }
  return needsBuild ? 'needs build' : 'changed';
}

/**
 * Settings first: whatever the function's own row then shows is as new as they are. @throws Failure
 * `not_found`
 */
export async function getSaved(sql: Sql, world: World, id: string): Promise<SavedFunction> {
  const kept = await getSettings(sql, world, id);
  const fn = await getFunction(sql, world, id);
  if (fn === null || kept === null) fail('not_found', { message: `there is no function ${id}` });
  return { fn, kept };
}

/**
 * The settings as they are kept: whole, packages under their own names, notes of the variables that were
 * described.
 */
function settled(parts: SaveParts, settings: RevcentSettings, draft: FunctionDraft): RevcentSettings {
  requireWhole(settings);
  const notes = (draft.variables ?? []).flatMap(({ name, description }) =>
    description === undefined ? [] : [[name, description] as const],
  );
  return {
    ...settings,
    dependencies: checkDependencies(settings.dependencies, parts.packages, 'dependencies'),
    variableNotes: { ...settings.variableNotes, ...Object.fromEntries(notes) },
  };
}

function plainChange({ name, description, enabled }: FunctionDraft): FunctionChange {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}

async function variableChange(
  parts: SaveParts,
  fn: SealedFunction,
  draft: FunctionDraft,
): Promise<FunctionChange> {
  const drafts = draft.variables;
  if (drafts === undefined) return {};
  const { secretNames } = fn;
  const owner = { accountId: fn.accountId, functionId: fn.id };
  const after = async (sealed: Buffer | null) => {
    const before = { variables: await openVariables(parts.keys, owner, sealed), secretNames };
    return upsertVariables(before, drafts, parts.limits.inlineVariablesBytes);
  };
  return {
    secretNames: (await after(fn.sealedVariables)).secretNames,
    reseal: async (sealed) => await sealVariables(parts.keys, owner, (await after(sealed)).variables),
  };
}

async function requireFreeName(
  sql: Sql,
  world: World,
  wanted: { name: string; exceptId: string | null },
): Promise<void> {
  const holder = await claimName(sql, world, wanted);
  if (holder === null) return;
  fail('conflict', {
    message: `name: there is a function of this name already: ${holder}`,
    field: 'name',
    facts: { functionId: holder },
  });
}
