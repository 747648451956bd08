// An import file as its importer sees it before anything is made: what it says of itself, the variables that
// it asks for, the code, and everything that is wrong with it. What can't be read is left empty, and stands
// among the problems. Pure. Runs in a thread (read-in-thread.ts).
import { type ImportRules, parseImportFile, readImportFile } from './import-file.ts';
import { type Problem, ProblemsFound } from './problems.ts';

export type ImportPreview = {
  name: string;
  description: string;
  author: string;
  trigger: string;
  events: string[];
  cron_expression: string;
  cron_timezone: string;
  dependencies: Record<string, string>;
  variables: { name: string; description: string; required: boolean; has_value: boolean }[];
  code: string;
};

export type Previewed = {
  /** null: it is no JSON, or no object. */
  preview: ImportPreview | null;
  problems: readonly Problem[];
  ignored: readonly string[];
};

type Json = Record<string, unknown>;
type ImportText = ImportRules & { text: string; values?: Readonly<Record<string, string>> };

export function previewImportFile({ text, values = {}, ...rules }: ImportText): Previewed {
  try {
    const { ignored } = readImportFile(text, rules, values);
    return { preview: previewOf(text, values), problems: [], ignored };
  } catch (error) {
    if (!(error instanceof ProblemsFound)) throw error;
    return { preview: previewOf(text, values), problems: error.problems, ignored: [] };
  }
}

function previewOf(text: string, values: Readonly<Record<string, string>>): ImportPreview | null {
  const given = parseImportFile(text, values);
  if (given === null) return null;
  return {
    ...{ name: textOf(given.name), description: textOf(given.description), author: textOf(given.author) },
    trigger: textOf(given.trigger) || textOf(given.event_source),
    events: listOf(given.event_filter ?? given.event_notations).map(textOf),
    cron_expression: textOf(given.cron_expression),
    cron_timezone: textOf(given.cron_timezone),
    dependencies: Object.fromEntries(
      Object.entries(objectOf(given.dependencies)).map(([name, range]) => [name, textOf(range)]),
    ),
    variables: listOf(given.process_env ?? given.environment_variables)
      .map(objectOf)
      .map(({ name, description, required, value }) => ({
        ...{ name: textOf(name), description: textOf(description), required: required === true },
        has_value: textOf(value) !== '',
      })),
    code: textOf(given.function_code),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {};
}
