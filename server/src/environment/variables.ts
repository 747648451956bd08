// What an owner may set as a function's variables: names, reserved names, values, size. Pure. Each dialect
// brings its own rule for names; the reserved ones are the same for all.
import { parseNodeOptions } from '../../../contract/node-options.cjs';
import { fail } from '../errors/failure.ts';

export type Variables = Record<string, string>;

/** How a dialect wants names to look. */
export type NameRule = { pattern: RegExp /** The rule in words, after "must". */; words: string };

/** Lambda's rule (docs/specs/lambda.md section 3). */
export const LAMBDA_NAMES: NameRule = {
  pattern: /^[A-Za-z][A-Za-z0-9_]*$/,
  words: 'begin with a letter and consist of letters, digits and _',
};

/** Set by the platform, so that no variable may bear the name (docs/specs/lambda.md section 3). */
const SET = new Set([
  '_HANDLER',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
  'AWS_EXECUTION_ENV',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'TZ',
  'LANG',
  'PATH',
  'LD_LIBRARY_PATH',
  'NODE_PATH',
]);
/** Lambda's own, too, and not set here: clients would believe what stands there. */
const UNSET = new Set([
  '_X_AMZN_TRACE_ID',
  '_LAMBDA_TELEMETRY_LOG_FD',
  '_LAMBDA_SERVER_PORT',
  'AWS_LAMBDA_RUNTIME_API',
  'PYTHONPATH',
]);
/** Of the account that Lambda names to a function. */
const CREDENTIALS = new Set(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']);

export function isReserved(name: string): boolean {
  return reservedNameProblem(name) !== null;
}

/** @returns why no variable may bear the name, as a sentence without its end; null: one may */
export function reservedNameProblem(name: string): string | null {
  if (SET.has(name)) return 'the platform sets that name itself';
  if (UNSET.has(name)) return "that name is Lambda's own, and is not set here";
  return CREDENTIALS.has(name)
    ? 'that name is for the credentials that Lambda gives, and there is no AWS here: give yours another name, and hand them to your client'
    : null;
}

/** @returns what of a value can't take effect, as the end of a sentence; null: all can */
export function effectProblem(name: string, value: string): string | null {
  return name === 'NODE_OPTIONS' ? parseNodeOptions(value).problem : null;
}

export type VariableRules = {
  names: NameRule;
  /** All names and values together, in UTF-8. */
  limitBytes: number;
  /** What the caller calls the whole, for messages: `environment_variables`. */
  field: string;
};

/**
 * @param value from outside: an object of texts; numbers and booleans are taken as the text that they are
 * written as
 * @throws Failure `invalid_input` naming the variable and the rule
 */
export function readVariables(value: unknown, rules: VariableRules): Variables {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    refuse(rules, 'must be an object of names and values');
  }
  const entries = Object.entries(value).map(([name, item]): [string, string] => [
    readName(name, rules),
    readValue(name, item, rules),
  ]);
  const sizeBytes = entries.reduce((sum, [name, text]) => sum + utf8Bytes(name) + utf8Bytes(text), 0);
  if (sizeBytes > rules.limitBytes) {
    refuse(rules, `hold ${sizeBytes} bytes of names and values, ${rules.limitBytes} are allowed`);
  }
  return Object.fromEntries(entries);
}

function readName(name: string, rules: VariableRules): string {
  const shown = JSON.stringify(name.slice(0, 100));
  const problem = reservedNameProblem(name);
  if (problem !== null) refuse(rules, `can't hold ${shown}: ${problem}`);
  if (!rules.names.pattern.test(name)) refuse(rules, `can't hold ${shown}: a name must ${rules.names.words}`);
  return name;
}

function readValue(name: string, value: unknown, rules: VariableRules): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') {
    refuse(rules, `can't hold ${name}: its value must be text, not ${kindOf(value)}`);
  }
  if (value.includes('\0') || !value.isWellFormed()) {
    refuse(rules, `can't hold ${name}: its value must not contain NUL or broken characters`);
  }
  const problem = effectProblem(name, value);
  if (problem !== null) refuse(rules, `can't hold ${name} with ${problem}`);
  return value;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : 'an object';
}

function refuse(rules: VariableRules, problem: string): never {
  return fail('invalid_input', { message: `${rules.field} ${problem}`, field: rules.field });
}

function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}
