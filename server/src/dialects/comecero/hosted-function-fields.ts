// What the fields of a hosted function's form mean, with every habit of the console (docs/specs/comecero.md
// 2.3): read-only names and stray parts are ignored, the text `null` is null, an unchosen runtime is `?`.
// Pure. Called by hosted-functions.ts.
import { z } from 'zod';
import { findRuntime, knownRuntimeCodes } from '../../engines/runtime-codes.ts';
import { LAMBDA_NAMES, readVariables, type Variables } from '../../environment/variables.ts';
import { fail } from '../../errors/failure.ts';
import { nameProblem } from '../../functions/function-name.ts';
import { isStorableText } from '../../http/read-input.ts';
import { parseJsonField } from './json-field.ts';

/** What was given; absent members were not sent. */
export type HostedFunctionFields = {
  name?: string;
  description?: string | null;
  handler?: string;
  runtime?: string;
  variables?: Variables;
};

/** A new function needs these. */
export type CompleteFields = HostedFunctionFields & { name: string; handler: string; runtime: string };

const HANDLER_CHARACTERS = 128;
const DESCRIPTION_CHARACTERS = 250;

type Raw = Readonly<Record<string, unknown>>;

const any = z.unknown().optional();
/** What is read of a body or a form; `file` is the part that a form has besides. */
export const hostedFunctionBody = z.object({
  ...{ name: any, handler: any, environment: any, description: any, environment_variables: any, file: any },
});

/**
 * @param variablesBytes  what all variables together may take
 * @throws Failure `invalid_input` naming the field and the rule
 */
export function readHostedFunctionFields(raw: Raw, variablesBytes: number): HostedFunctionFields {
  const given = <T>(field: string, read: (value: unknown) => T): T | undefined =>
    Object.hasOwn(raw, field) && raw[field] !== undefined ? read(raw[field]) : undefined;
  const read = {
    name: given('name', readName),
    handler: given('handler', (value) => readLine(value, 'handler', HANDLER_CHARACTERS)),
    runtime: given('environment', readRuntime),
    description: given('description', readDescription),
    variables: given('environment_variables', (value) => readVariablesText(value, variablesBytes)),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** @throws Failure `invalid_input` naming the first field that a new function lacks */
export function requireComplete(fields: HostedFunctionFields): CompleteFields {
  const { name, handler, runtime } = fields;
  if (name === undefined) return refuse('name', 'is required');
  if (handler === undefined) return refuse('handler', 'is required, for example index.handler');
  if (runtime === undefined) return refuse('environment', `is required; choose one of ${runtimeChoice()}`);
  return { ...fields, name, handler, runtime };
}

function readName(value: unknown): string {
  const name = readText(value, 'name') ?? '';
  const problem = nameProblem(name);
  return problem === null ? name : refuse('name', problem);
}

/** One line of text that must not be empty. */
function readLine(value: unknown, field: string, maxCharacters: number): string {
  const text = readText(value, field);
  if (text === null || text.trim() === '') return refuse(field, 'must not be empty');
  if (text.length > maxCharacters) return refuse(field, `must have at most ${maxCharacters} characters`);
  if (/\p{Cc}/u.test(text)) return refuse(field, 'must not contain control characters');
  return text;
}

function readDescription(value: unknown): string | null {
  // A form sends line ends as CR LF; the page that limits the length counts them as one.
  const text = readText(value, 'description')?.replaceAll('\r\n', '\n') ?? '';
  if (text.length > DESCRIPTION_CHARACTERS) {
    return refuse('description', `must have at most ${DESCRIPTION_CHARACTERS} characters`);
  }
  return text === '' ? null : text;
}

function readRuntime(value: unknown): string {
  const code = readText(value, 'environment') ?? '';
  if (code === '' || code === '?') {
    return refuse('environment', `no runtime was chosen; choose one of ${runtimeChoice()}`);
  }
  const runtime = findRuntime(code);
  if (runtime === 'other_language') {
    return refuse('environment', `there is no runtime for ${code} here; there are ${runtimeChoice()}`);
  }
  if (runtime === null) {
    return refuse(
      'environment',
      `${JSON.stringify(code.slice(0, 50))} is not a runtime; there are ${runtimeChoice()}`,
    );
  }
  return runtime.code;
}

function runtimeChoice(): string {
  return knownRuntimeCodes()
    .map(({ code }) => code)
    .join(', ');
}

/** JSON text of an object, which may be empty; from a JSON body, the object itself. */
function readVariablesText(value: unknown, limitBytes: number): Variables {
  const field = 'environment_variables';
  const rules = { names: LAMBDA_NAMES, limitBytes, field };
  if (typeof value === 'object' && value !== null) return readVariables(value, rules);
  const text = readText(value, field)?.trim() ?? '';
  if (text === '') return {};
  return readVariables(parseJson(text, field), rules);
}

function parseJson(text: string, field: string): unknown {
  try {
    return parseJsonField(text, field);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return fail('invalid_input', { message: `${field}: must be the JSON text of an object`, field, cause });
  }
}

/** A client that writes a null into a form writes the four letters. */
function readText(value: unknown, field: string): string | null {
  if (value === null || value === 'null') return null;
  if (typeof value !== 'string') return refuse(field, 'must be text');
  if (!isStorableText(value)) return refuse(field, 'must not contain NUL or broken characters');
  return value;
}

function refuse(field: string, problem: string): never {
  return fail('invalid_input', { message: `${field}: ${problem}`, field });
}
