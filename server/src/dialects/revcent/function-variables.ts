// A function's own variables as a change leaves them: upserted by name, values that were encrypted never
// shown again. Pure.
import { type NameRule, readVariables, type Variables } from '../../environment/variables.ts';
import { fail } from '../../errors/failure.ts';
import type { VariableDraft } from './function-draft.ts';

/** Names may hold spaces and whatever else a process environment can hold. */
const NAMES: NameRule = { pattern: /^[^=\0]+$/, words: 'not contain = or NUL' };

export type OwnVariables = { variables: Variables; secretNames: readonly string[] };

/**
 * @param limitBytes of all names and values together
 * @throws Failure `invalid_input` naming the variable
 */
export function upsertVariables(
  before: OwnVariables,
  drafts: readonly VariableDraft[],
  limitBytes: number,
): OwnVariables {
  const given = new Map(Object.entries(before.variables));
  for (const draft of drafts) {
    if (draft.isDeleted) given.delete(draft.name);
    else given.set(draft.name, valueAfter(before, draft));
  }
  const rules = { names: NAMES, limitBytes, field: 'environment_variables' };
  const variables = readVariables(Object.fromEntries(given), rules);
  const secret = new Set(before.secretNames);
  for (const { name, isEncrypted } of drafts) {
    if (isEncrypted === true) secret.add(name);
    else if (isEncrypted === false) secret.delete(name);
  }
  return { variables, secretNames: [...secret].filter((name) => Object.hasOwn(variables, name)).sort() };
}

/**
 * What is shown of an encrypted variable is an empty value: who sends that back changes nothing.
 * @throws Failure `invalid_input` for one that is to be shown although its old value never may be
 */
function valueAfter(
  { variables, secretNames }: OwnVariables,
  { name, value, isEncrypted }: VariableDraft,
): string {
  const stored = Object.hasOwn(variables, name) ? (variables[name] as string) : '';
  const isSecret = stored !== '' && secretNames.includes(name);
  if (value !== undefined && !(isSecret && value === '')) return value;
  if (!isSecret || isEncrypted !== false) return stored;
  const field = `environment_variables.${name}`;
  return fail('invalid_input', {
    message: `${field}: needs a new value: the encrypted one is never shown`,
    field,
  });
}

/** What may be shown of each: null stands for an encrypted value. */
export function shownVariables({
  variables,
  secretNames,
}: OwnVariables): { name: string; value: string | null }[] {
  return Object.entries(variables).map(([name, value]) => ({
    name,
    value: secretNames.includes(name) ? null : value,
  }));
}
