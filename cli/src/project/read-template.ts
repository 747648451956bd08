// Reads which functions a template of AWS SAM or a serverless.yml describes, as far as they are something
// here, and says of each other member that it isn't taken over. Pure. Called by `millrace import sam` and
// `millrace import serverless`.
import { CORE_SCHEMA, load, type Schema, Type } from 'js-yaml';
import { CliError } from '../cli-error.ts';
import type { TriggerWanted } from './project.ts';

export type TemplateFunction = {
  name: string;
  /** What is packed, below the template's folder; a zip where it ends so. */
  code: string;
  handler: string | null;
  runtime: string | null;
  timeoutMs: number | null;
  memoryMb: number | null;
  /** Those that are plain texts; others are named in `left`. */
  variables: Record<string, string>;
  secrets: string[];
  triggers: Record<string, TriggerWanted>;
};
/** What isn't taken over, and why. */
export type Left = { function: string | null; member: string; why: string };
export type ReadTemplate = { functions: TemplateFunction[]; left: Left[] };

type Tree = Record<string, unknown>;

/** CloudFormation's short forms (`!Ref`, `!Sub`): what they stand for is known there alone. */
class Reference {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const TAGS = (['scalar', 'sequence', 'mapping'] as const).map(
  (kind) =>
    new Type('!', {
      ...{ kind, multi: true },
      construct: (data: unknown, tag?: string) => new Reference(`${tag ?? '!'} ${JSON.stringify(data)}`),
    }),
);
const SCHEMA: Schema = CORE_SCHEMA.extend(TAGS);

/** @throws CliError `bad_template` */
function parse(text: string): Tree {
  try {
    const tree = load(text, { schema: SCHEMA });
    if (isTree(tree)) return tree;
  } catch (error) {
    throw new CliError('bad_template', `that is no YAML: ${(error as Error).message}`);
  }
  throw new CliError('bad_template', 'that is no template: it has no members');
}

/** @throws CliError `bad_template` */
export function readSamTemplate(text: string): ReadTemplate {
  const template = parse(text);
  const globals = treeAt(treeAt(template, 'Globals'), 'Function');
  const resources = Object.entries(treeAt(template, 'Resources'));
  const left: Left[] = [];
  const functions = resources.flatMap(([name, resource]) => {
    const { Type: type, Properties: own } = isTree(resource) ? resource : {};
    if (type === 'AWS::Serverless::Function' || type === 'AWS::Lambda::Function') {
      return [samFunction(name, { ...globals, ...(isTree(own) ? own : {}) }, globals, left)];
    }
    left.push({ function: null, member: name, why: `${String(type)} is nothing here` });
    return [];
  });
  return { functions: some(functions, 'Resources'), left };
}

const SAM_TAKEN = ['CodeUri', 'Code', 'Handler', 'Runtime', 'Timeout', 'MemorySize', 'Environment', 'Events'];
/** They say how AWS holds the function, and change nothing of what it does. */
const SAM_SILENT = [
  'FunctionName',
  'Description',
  'Architectures',
  'Tags',
  'Policies',
  'Role',
  'PackageType',
];

function samFunction(name: string, given: Tree, globals: Tree, left: Left[]): TemplateFunction {
  const say = (member: string, why: string) => left.push({ function: name, member, why });
  for (const member of Object.keys(given)) {
    if (![...SAM_TAKEN, ...SAM_SILENT].includes(member)) say(member, 'is nothing here');
  }
  const environment = {
    ...treeAt(treeAt(globals, 'Environment'), 'Variables'),
    ...treeAt(treeAt(given, 'Environment'), 'Variables'),
  };
  const code = textAt(given, 'CodeUri') ?? textAt(treeAt(given, 'Code'), 'ZipFile') ?? '.';
  if (given.CodeUri instanceof Reference) say('CodeUri', `${given.CodeUri.text} can't be read here`);
  const triggers: Record<string, TriggerWanted> = {};
  for (const [event, told] of Object.entries(treeAt(given, 'Events'))) {
    const trigger = samTrigger(isTree(told) ? told : {});
    if (typeof trigger === 'string') say(`Events.${event}`, trigger);
    else triggers[keyOf(trigger, event, triggers)] = trigger;
  }
  return {
    ...{ name: textAt(given, 'FunctionName') ?? name, code, triggers },
    ...{ handler: textAt(given, 'Handler'), runtime: textAt(given, 'Runtime') },
    ...limitsOf(given.Timeout, given.MemorySize),
    ...variablesOf(environment, say),
  };
}

function samTrigger(event: Tree): TriggerWanted | string {
  const { Type: type } = event;
  const {
    Schedule: schedule,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: zone,
  } = treeAt(event, 'Properties');
  if (type === 'Api' || type === 'HttpApi') return { kind: 'function_url' };
  if (type !== 'Schedule' && type !== 'ScheduleV2') return `events of ${String(type)} don't come here`;
  return scheduleOf(schedule ?? expression, zone);
}

/** @throws CliError `bad_template` */
export function readServerlessFile(text: string): ReadTemplate {
  const file = parse(text);
  const provider = treeAt(file, 'provider');
  const left: Left[] = Object.keys(file)
    .filter((member) => !['service', 'frameworkVersion', 'provider', 'functions', 'package'].includes(member))
    .map((member) => ({ function: null, member, why: 'is nothing here' }));
  const functions = Object.entries(treeAt(file, 'functions')).map(([name, given]) =>
    serverlessFunction(name, isTree(given) ? given : {}, provider, left),
  );
  return { functions: some(functions, 'functions'), left };
}

const SERVERLESS_TAKEN = ['handler', 'runtime', 'timeout', 'memorySize', 'environment', 'events', 'package'];
const SERVERLESS_SILENT = ['name', 'description', 'tags', 'architecture', 'role'];

function serverlessFunction(name: string, given: Tree, provider: Tree, left: Left[]): TemplateFunction {
  const say = (member: string, why: string) => left.push({ function: name, member, why });
  for (const member of Object.keys(given)) {
    if (member === 'url') continue;
    if (![...SERVERLESS_TAKEN, ...SERVERLESS_SILENT].includes(member)) say(member, 'is nothing here');
  }
  const triggers: Record<string, TriggerWanted> = given.url ? { url: { kind: 'function_url' } } : {};
  for (const [at, event] of (Array.isArray(given.events) ? given.events : []).entries()) {
    const trigger = serverlessTrigger(event);
    if (typeof trigger === 'string') say(`events[${at}]`, trigger);
    else triggers[keyOf(trigger, String(at), triggers)] = trigger;
  }
  const environment = { ...treeAt(provider, 'environment'), ...treeAt(given, 'environment') };
  const artifact = textAt(treeAt(given, 'package'), 'artifact');
  return {
    ...{ name, code: artifact ?? '.', triggers, handler: textAt(given, 'handler') },
    runtime: textAt(given, 'runtime') ?? textAt(provider, 'runtime'),
    ...limitsOf(given.timeout ?? provider.timeout, given.memorySize ?? provider.memorySize),
    ...variablesOf(environment, say),
  };
}

function serverlessTrigger(event: unknown): TriggerWanted | string {
  if (!isTree(event)) return `${JSON.stringify(event)} doesn't come here`;
  const [kind = '', told] = Object.entries(event)[0] ?? [];
  if (kind === 'http' || kind === 'httpApi') return { kind: 'function_url' };
  if (kind !== 'schedule') return `events of ${kind} don't come here`;
  return isTree(told) ? scheduleOf([told.rate].flat()[0], told.timezone) : scheduleOf(told, undefined);
}

const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const CRON = /^cron\(([^)]+)\)$/;
const DAYS: Record<string, string> = { minute: '*/N * * * *', hour: '0 */N * * *', day: '0 0 */N * *' };

/** AWS counts days of the week from 1, Sunday, and has years. @returns why not, where there is no such one */
export function scheduleOf(expression: unknown, zone: unknown): TriggerWanted | string {
  if (typeof expression !== 'string') return 'its expression is no text';
  const made = (cron: string): TriggerWanted => ({
    kind: 'schedule',
    settings: { cron, ...(typeof zone === 'string' && { time_zone: zone }) },
  });
  const [, count, unit] = RATE.exec(expression) ?? [];
  if (count !== undefined && unit !== undefined) {
    const most = { minute: 60, hour: 24, day: 31 }[unit] ?? 0;
    // In cron, a step begins anew with each hour, day or month: others drift.
    if (unit !== 'day' && most % Number(count) !== 0) return `${expression}: cron has no such even step`;
    return made((DAYS[unit] ?? '').replace(count === '1' ? '*/N' : 'N', count === '1' ? '*' : count));
  }
  const parts = CRON.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  const [minute, hour, day, month, weekday, year] = parts;
  if (parts.length !== 6 || year !== '*')
    return `${expression}: ${year ? 'years' : 'that'} can't be said here`;
  if (/[LW#]/.test(`${day}${weekday?.replace(/[A-Z]{3}/g, '')}`))
    return `${expression}: L, W and # aren't taken`;
  const days = weekday?.replace(/\b[1-7]\b/g, (number) => String(Number(number) - 1));
  return made([minute, hour, day, month, days].map((part) => (part === '?' ? '*' : part)).join(' '));
}

function keyOf({ kind }: TriggerWanted, name: string, taken: Record<string, unknown>): string {
  const usual = kind === 'function_url' ? 'url' : name.toLowerCase();
  return usual in taken ? `${usual}-${name}` : usual;
}

function limitsOf(timeoutS: unknown, memory: unknown): Pick<TemplateFunction, 'timeoutMs' | 'memoryMb'> {
  const [seconds, memoryMb] = [Number(timeoutS ?? Number.NaN), Number(memory ?? Number.NaN)];
  return {
    timeoutMs: Number.isFinite(seconds) ? seconds * 1_000 : null,
    memoryMb: Number.isFinite(memoryMb) ? memoryMb : null,
  };
}

function variablesOf(
  environment: Tree,
  say: (member: string, why: string) => void,
): Pick<TemplateFunction, 'variables' | 'secrets'> {
  const variables: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (['string', 'number', 'boolean'].includes(typeof value) && !String(value).includes('${')) {
      variables[name] = String(value);
    } else {
      secrets.push(name);
      say(`environment ${name}`, 'its value is made elsewhere: set it as a secret');
    }
  }
  return { variables, secrets };
}

/** @throws CliError `bad_template` */
function some(functions: TemplateFunction[], where: string): TemplateFunction[] {
  if (functions.length > 0) return functions;
  throw new CliError('bad_template', `there is no function below ${where}`);
}

function isTree(value: unknown): value is Tree {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Reference)
  );
}

function treeAt(tree: Tree, name: string): Tree {
  const value = tree[name];
  return isTree(value) ? value : {};
}

function textAt(tree: Tree, name: string): string | null {
  const value = tree[name];
  return typeof value === 'string' ? value : null;
}
