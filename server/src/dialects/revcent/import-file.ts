// Import files: a function as a third party hands it to users (the page's "Function Import File"). Read with
// `//` comments, which its own examples hold; written in the same shape, so that what was exported can be
// imported anywhere. Pure.
import { type ParseErrorCode, parse, printParseErrorCode, visit } from 'jsonc-parser';
import type { StoredFunction } from '../../functions/function.ts';
import { ignoredMembers } from '../../http/ignored-members.ts';
import { type DraftRules, draftFields, type FunctionDraft, readDraft } from './function-draft.ts';
import { type RevcentSettings, type Timing, USUAL_REVCENT_SETTINGS } from './function-settings.ts';
import { MOST_TOLD, type Problem, ProblemsFound } from './problems.ts';

const REQUIRED = ['name', 'trigger', 'function_code'] as const;

/** Of variables by name: what the importer says where the file says nothing. */
export type Values = Readonly<Record<string, string>>;
export type ImportRules = Pick<DraftRules, 'bounds' | 'packages'>;

/**
 * @returns with the members that nothing reads. @throws ProblemsFound with everything that is wrong, in the
 * file's own lines where it is no JSON
 */
export function readImportFile(
  text: string,
  rules: ImportRules,
  values: Values = {},
): { draft: FunctionDraft; ignored: readonly string[] } {
  const file = text.replace(/^\uFEFF/, '');
  const problems = syntaxProblems(file);
  if (problems.length > 0) throw new ProblemsFound(problems);
  const given = withValues(parse(file, [], OPTIONS), values);
  const draft = readDraft(given, { ...rules, required: REQUIRED, known: USUAL_REVCENT_SETTINGS });
  return { draft, ignored: ignoredMembers(draftFields, given) };
}

/** As it stands there, with the importer's values; null: no object. @param text JSON or not */
export function parseImportFile(text: string, values: Values): Record<string, unknown> | null {
  const file = text.replace(/^\uFEFF/, '');
  if (syntaxProblems(file).length > 0) return null;
  const given = withValues(parse(file, [], OPTIONS), values);
  const isObject = given !== null && typeof given === 'object' && !Array.isArray(given);
  return isObject ? (given as Record<string, unknown>) : null;
}

function withValues(given: unknown, values: Values): unknown {
  if (given === null || typeof given !== 'object' || Object.keys(values).length === 0) return given;
  const filled = { ...(given as Record<string, unknown>) };
  for (const field of ['process_env', 'environment_variables']) {
    const variables = filled[field];
    if (Array.isArray(variables)) filled[field] = variables.map((one) => withValue(one, values));
  }
  return filled;
}

function withValue(variable: unknown, values: Values): unknown {
  const { name } = (variable ?? {}) as { name?: unknown };
  if (typeof name !== 'string' || !Object.hasOwn(values, name)) return variable;
  return { ...(variable as object), value: values[name] };
}

const OPTIONS = { allowTrailingComma: true };
/** Ends the look through a file once enough is wrong: there can be one mistake a byte. */
class EnoughFound extends Error {}

function syntaxProblems(file: string): Problem[] {
  const problems: Problem[] = [];
  try {
    const onError = (code: ParseErrorCode, _at: number, _length: number, line: number, column: number) => {
      problems.push(syntaxProblem(code, line + 1, column + 1));
      if (problems.length >= MOST_TOLD) throw new EnoughFound();
    };
    visit(file, { onError }, OPTIONS);
  } catch (error) {
    // The parser calls itself for every level.
    if (error instanceof RangeError) return [{ field: 'the file', rule: 'is nested too deeply' }];
    if (!(error instanceof EnoughFound)) throw error;
  }
  return problems;
}

function syntaxProblem(code: ParseErrorCode, line: number, column: number): Problem {
  const words = printParseErrorCode(code)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return { field: 'the file', rule: `is not JSON: ${words} at line ${line}, column ${column}`, line, column };
}

export type ExportedVariable = {
  name: string /** null: it is encrypted and never shown. */;
  value: string | null;
};

/** @returns what {@link readImportFile} reads; encrypted values are left for the importer to fill in */
export function writeImportFile(
  fn: Pick<StoredFunction, 'name' | 'description'>,
  settings: RevcentSettings,
  code: string,
  variables: readonly ExportedVariable[],
): Record<string, unknown> {
  const { eventSource } = settings;
  const isEvent = eventSource === 'account_event';
  const hasAddress = eventSource === 'webhook' || eventSource === 'function_url';
  return {
    name: fn.name,
    description: fn.description ?? '',
    author: settings.author,
    trigger: eventSource,
    ...(isEvent ? { event_filter: settings.eventFilter } : {}),
    ...(isEvent && settings.campaignFilter.length > 0 ? { campaign_filter: settings.campaignFilter } : {}),
    ...(isEvent && settings.shopFilter.length > 0 ? { shop_filter: settings.shopFilter } : {}),
    ...(isEvent || eventSource === 'webhook' ? { timing: timingView(settings.timing) } : {}),
    ...(eventSource === 'schedule'
      ? { cron_expression: settings.cronExpression, cron_timezone: settings.cronTimezone }
      : {}),
    ...(hasAddress ? { ip_restricted: settings.isIpRestricted, ip_whitelist: settings.ipWhitelist } : {}),
    process_env: variables.map(({ name, value }) => ({
      name,
      description: noteOf(settings, name),
      value: value ?? '',
      required: value === null,
    })),
    ...(Object.keys(settings.dependencies).length > 0 ? { dependencies: settings.dependencies } : {}),
    ...(settings.customArguments.length > 0 ? { custom_arguments: settings.customArguments } : {}),
    function_code: code,
  };
}

/** What the value of a variable is for. */
export function noteOf({ variableNotes }: RevcentSettings, name: string): string {
  return Object.hasOwn(variableNotes, name) ? (variableNotes[name] as string) : '';
}

export function timingView(timing: Timing): Record<string, unknown> {
  if (timing.option === 'immediate') return { option: 'immediate', time_unit: 'minutes', time_value: 0 };
  return { option: 'delay', time_unit: timing.unit, time_value: timing.value };
}
