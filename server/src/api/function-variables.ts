// A function's variables as the API takes and shows them: by name, a secret's value never again. Pure.
import { z } from 'zod';
import { LAMBDA_NAMES, readVariables, type Variables } from '../environment/variables.ts';
import { fail } from '../errors/failure.ts';

const givenSchema = z.union(
  [
    z.string(),
    z.strictObject({
      value: z.string().nullable().describe('null keeps the value that is there'),
      secret: z
        .boolean('must be true or false')
        .default(false)
        .describe('never shown again, and hidden in logs'),
    }),
  ],
  'must be text, or {value, secret}',
);
export const variablesField = z.record(z.string(), givenSchema, 'must be an object of names and values');
export const shownVariablesSchema = z.object({
  variables: z.record(
    z.string(),
    z.object({ value: z.string().nullable().describe('null where it is secret'), secret: z.boolean() }),
  ),
});
z.globalRegistry.add(shownVariablesSchema, { id: 'ShownVariables' });

export type OpenVariables = { variables: Variables; secretNames: readonly string[] };
type Given = z.infer<typeof variablesField>;

/**
 * All there will be: what isn't named goes.
 * @throws Failure `invalid_input`
 */
export function replaceVariables(before: OpenVariables, given: Given, limitBytes: number): OpenVariables {
  const entries = Object.entries(given).map(([name, one]) => {
    const { value, secret } = typeof one === 'string' ? { value: one, secret: false } : one;
    return { name, value: value ?? keptValue(before, name, secret), secret };
  });
  const variables = readVariables(Object.fromEntries(entries.map(({ name, value }) => [name, value])), {
    ...{ names: LAMBDA_NAMES, limitBytes, field: 'variables' },
  });
  return { variables, secretNames: entries.filter(({ secret }) => secret).map(({ name }) => name) };
}

function keptValue({ variables, secretNames }: OpenVariables, name: string, staysSecret: boolean): string {
  const field = `variables.${name.slice(0, 100)}`;
  const kept = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (kept === undefined) fail('invalid_input', { message: `${field}: has no value to be kept`, field });
  if (secretNames.includes(name) && !staysSecret)
    fail('invalid_input', {
      message: `${field}: a secret can only be shown after a new value is given`,
      field,
    });
  return kept;
}

export function variablesView({
  variables,
  secretNames,
}: OpenVariables): z.input<typeof shownVariablesSchema> {
  const shown = Object.entries(variables).map(([name, value]) => {
    const secret = secretNames.includes(name);
    return [name, { value: secret ? null : value, secret }] as const;
  });
  return { variables: Object.fromEntries(shown) };
}
