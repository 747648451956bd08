// What a caller wants a function to be, read and checked from either an import file or the API: all that is
// wrong is reported at once. Pure. What the engine makes of it is save-function.ts's part.
import { z } from 'zod';
import { dependencyProblem, type PackageRules } from '../../builds/dependencies.ts';
import { reservedNameProblem } from '../../environment/variables.ts';
import { ruleOf } from '../../http/input-rule.ts';
import { isStorableText } from '../../http/read-input.ts';
import * as rules from './field-rules.ts';
import {
  delayMs,
  EVENT_SOURCES,
  type EventSource,
  type RevcentSettings,
  type Timing,
} from './function-settings.ts';
import { type Problem, ProblemsFound } from './problems.ts';

export type VariableDraft = {
  name: string;
  /** Absent: the one that is there stays. */
  value?: string;
  isEncrypted?: boolean;
  description?: string;
  isDeleted?: true;
};

/** What is absent is not said: a new function then has what is usual, an old one keeps what it has. */
export type FunctionDraft = {
  name?: string;
  description?: string;
  enabled?: boolean;
  code?: string;
  settings: Partial<RevcentSettings>;
  variables?: VariableDraft[];
};

/** How long runs may be put off, if at all. ms */
export type DraftBounds = rules.DelayBounds;

/**
 * The fields by which both generations of clients name things; each is optional here, what must be there the
 * readers say.
 */
export const draftFields = z.object({
  ...{ name: rules.name.nullish(), description: rules.description.nullish(), author: rules.author.nullish() },
  enabled: z.boolean().nullish(),
  function_code: rules.functionCode.nullish(),
  ...{ trigger: z.enum(EVENT_SOURCES).nullish(), event_source: z.enum(EVENT_SOURCES).nullish() },
  ...{ event_filter: rules.notations.nullish(), event_notations: rules.notations.nullish() },
  ...{ campaign_filter: rules.filters.nullish(), shop_filter: rules.filters.nullish() },
  ...{ timing: rules.timing.nullish(), timing_options: rules.timing.nullish() },
  cron_expression: z.union([z.literal(''), rules.cronExpression]).nullish(),
  cron_timezone: z.union([z.literal(''), rules.cronTimezone]).nullish(),
  ...{ ip_restricted: z.boolean().nullish(), ip_whitelist: rules.ipWhitelist.nullish() },
  ...{ process_env: rules.variables.nullish(), environment_variables: rules.variables.nullish() },
  ...{ dependencies: rules.dependencies.nullish(), custom_arguments: rules.customArguments.nullish() },
});
type Fields = z.infer<typeof draftFields>;

/** What a draft is read against. */
export type DraftRules = {
  /** Fields that must be there and not be empty. */
  required: readonly (keyof Fields)[];
  bounds: DraftBounds;
  /** What stands where the draft says nothing: with it, the draft makes a whole function. */
  known: RevcentSettings;
  packages: PackageRules;
};

/** @throws ProblemsFound with everything that is wrong, whatever else is */
export function readDraft(value: unknown, asked: DraftRules): FunctionDraft {
  const given = asObject(value);
  if (given === null) throw new ProblemsFound([{ field: 'the function', rule: 'must be an object' }]);
  const problems: Problem[] = asked.required
    .filter((field) => isMissing(given[field]))
    .map((field) => ({ field, rule: 'is required' }));
  const { read, wrong } = readFields(given);
  problems.push(...wrong.map(({ problem }) => problem), ...moreProblems(given, read, asked.bounds));
  const draft = draftOf(read);
  const isTold = new Set(wrong.map(({ field }) => (field === 'event_notations' ? 'event_filter' : field)));
  problems.push(
    ...wholeProblems({ ...asked.known, ...draft.settings }).filter(({ field }) => !isTold.has(field)),
  );
  problems.push(...packageProblems(read, asked.packages));
  if (problems.length > 0) throw new ProblemsFound(withoutRepeats(problems));
  return draft;
}

/** Each field by itself: what is wrong with one keeps no other from being looked at. */
function readFields(given: Record<string, unknown>): {
  read: Fields;
  wrong: { field: string; problem: Problem }[];
} {
  const read: Record<string, unknown> = {};
  const wrong: { field: string; problem: Problem }[] = [];
  for (const [field, schema] of Object.entries(draftFields.shape)) {
    if (!Object.hasOwn(given, field)) continue;
    const parsed = (schema as z.ZodType).safeParse(given[field], { error: ruleOf });
    if (parsed.success) read[field] = parsed.data;
    else wrong.push(...parsed.error.issues.map((issue) => ({ field, problem: problemOf(field, issue) })));
  }
  return { read: read as Fields, wrong };
}

function moreProblems(given: Record<string, unknown>, read: Fields, bounds: DraftBounds): Problem[] {
  const timing = read.timing ?? read.timing_options;
  const variables = given.process_env ?? given.environment_variables;
  return [
    ...(timing ? timingProblems(rules.readTiming(timing), bounds) : []),
    ...(Array.isArray(variables) ? variables.slice(0, rules.MOST_VARIABLES).flatMap(variableProblems) : []),
  ];
}

function packageProblems({ dependencies }: Fields, packages: PackageRules): Problem[] {
  const field = 'dependencies';
  const problem = dependencies == null ? null : dependencyProblem(dependencies, packages);
  return problem === null ? [] : [{ field, rule: `can't be had: ${problem}` }];
}

function timingProblems(timing: Timing | string, bounds: DraftBounds): Problem[] {
  const field = 'timing';
  if (typeof timing === 'string') return [{ field, rule: `is not valid: ${timing}` }];
  const wantedMs = delayMs(timing);
  const isWithin = wantedMs >= bounds.delayLeastMs && wantedMs <= bounds.delayMostMs;
  if (wantedMs === 0 || isWithin) return [];
  const minutes = (ms: number): string => `${ms / 60_000} minutes`;
  const rule = `must delay by ${minutes(bounds.delayLeastMs)} at least and ${minutes(bounds.delayMostMs)} at most`;
  return [{ field, rule }];
}

/** Of one that has the shape of a variable: what hasn't is reported otherwise. */
function variableProblems(given: unknown): Problem[] {
  const parsed = rules.variable.safeParse(given);
  if (!parsed.success) return [];
  const { name, value, required } = parsed.data;
  const field = `process_env.${name}`;
  const reserved = reservedNameProblem(name);
  if (reserved !== null) return [{ field, rule: `can't be a variable: ${reserved}` }];
  if (required === true && (value ?? '') === '')
    return [{ field, rule: 'is required: its value must not be empty' }];
  return [];
}

function draftOf(read: Fields): FunctionDraft {
  const draft: FunctionDraft = { settings: settingsOf(read) };
  if (read.name != null) draft.name = read.name;
  if (read.description != null) draft.description = read.description;
  if (read.enabled != null) draft.enabled = read.enabled;
  if (read.function_code != null) draft.code = read.function_code;
  const variables = read.process_env ?? read.environment_variables;
  if (variables != null) {
    draft.variables = variables.map(({ name, value, description, encrypted, delete: isDeleted }) => ({
      name,
      ...(value == null ? {} : { value }),
      ...(encrypted === undefined ? {} : { isEncrypted: encrypted }),
      ...(description == null ? {} : { description }),
      ...(isDeleted === true ? { isDeleted } : {}),
    }));
  }
  return draft;
}

function settingsOf(read: Fields): Partial<RevcentSettings> {
  const settings: Partial<RevcentSettings> = {};
  const eventSource: EventSource | null | undefined = read.event_source ?? read.trigger;
  if (eventSource != null) settings.eventSource = eventSource;
  if (read.author != null) settings.author = read.author;
  const eventFilter = read.event_filter ?? read.event_notations;
  if (eventFilter != null) settings.eventFilter = [...new Set(eventFilter)];
  if (read.campaign_filter != null) settings.campaignFilter = read.campaign_filter;
  if (read.shop_filter != null) settings.shopFilter = read.shop_filter;
  const timing = read.timing ?? read.timing_options;
  if (timing != null) settings.timing = rules.readTiming(timing) as Timing;
  if (read.cron_expression != null) settings.cronExpression = read.cron_expression || null;
  if (read.cron_timezone != null) settings.cronTimezone = read.cron_timezone || 'UTC';
  if (read.ip_restricted != null) settings.isIpRestricted = read.ip_restricted;
  if (read.ip_whitelist != null) settings.ipWhitelist = read.ip_whitelist;
  if (read.dependencies != null) settings.dependencies = read.dependencies;
  if (read.custom_arguments != null) settings.customArguments = read.custom_arguments;
  return settings;
}

/** What the trigger of a whole function needs. @throws ProblemsFound */
export function requireWhole(settings: RevcentSettings): void {
  const problems = wholeProblems(settings);
  if (problems.length > 0) throw new ProblemsFound(problems);
}

function wholeProblems(settings: RevcentSettings): Problem[] {
  const problems: Problem[] = [];
  const { eventSource, eventFilter, cronExpression, isIpRestricted, ipWhitelist } = settings;
  if (eventSource === 'account_event' && eventFilter.length === 0) {
    problems.push({
      field: 'event_filter',
      rule: 'must name at least one event for the trigger account_event',
    });
  }
  if (eventSource === 'schedule' && cronExpression === null) {
    problems.push({ field: 'cron_expression', rule: 'is required for the trigger schedule' });
  }
  const hasAddress = eventSource === 'webhook' || eventSource === 'function_url';
  if (hasAddress && isIpRestricted && ipWhitelist.length === 0) {
    problems.push({
      field: 'ip_whitelist',
      rule: 'must name at least one address where ip_restricted is true',
    });
  }
  const names = settings.customArguments.map((argument) => argument.name);
  if (new Set(names).size < names.length) {
    problems.push({ field: 'custom_arguments', rule: 'must name each argument once' });
  }
  return problems;
}

function problemOf(name: string, issue: z.core.$ZodIssue): Problem {
  const field = [name, ...issue.path].join('.');
  return { field, rule: isStorableText(issue.message) ? issue.message : 'is not valid' };
}

/** A field that is missing is reported once, as missing. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ field }) => !seen.has(field) && seen.add(field));
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function asObject(value: unknown): Record<string, unknown> | null {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : null;
}
