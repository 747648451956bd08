// Import files: a function as a third party hands it to users (the page's "Function Import File"). Read with `//` comments, which its
// own examples hold; written in the same shape, so that what was exported can be imported anywhere. Pure.
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { StoredFunction } from '../../functions/function.ts';
import { type DraftBounds, type FunctionDraft, readDraft, requireWhole } from './function-draft.ts';
import { type RevcentSettings, type Timing, USUAL_REVCENT_SETTINGS } from './function-settings.ts';
import { type Problem, ProblemsFound } from './problems.ts';

const REQUIRED = ['name', 'trigger', 'function_code'] as const;

/** @throws ProblemsFound with everything that is wrong, in the file's own lines where it is no JSON */
export function readImportFile(text: string, bounds: DraftBounds): FunctionDraft {
  const errors: ParseError[] = [];
  const value = parseFile(text.replace(/^\uFEFF/, ''), errors);
  if (errors.length > 0) throw new ProblemsFound(errors.map((error) => syntaxProblem(text, error)));
  const draft = readDraft(value, REQUIRED, bounds);
  requireWhole({ ...USUAL_REVCENT_SETTINGS, ...draft.settings });
  return draft;
}

function parseFile(text: string, errors: ParseError[]): unknown {
  try {
    return parse(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // The parser calls itself for every level.
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemsFound([{ field: 'the file', rule: 'is nested too deeply' }]);
  }
}

function syntaxProblem(text: string, { error, offset }: ParseError): Problem {
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1) as string).length + 1;
  const words = printParseErrorCode(error)
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
