// Reads a folder's serverless.json: strict about what would make an endpoint that isn't meant, liberal about
// everything that is seen in the wild (missing runtime, version, environment and secrets, keys of others,
// files that aren't there). All problems are reported at once, with their lines. Pure.

import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { effectProblem } from '../../../environment/variables.ts';
import { isStorableText } from '../../../http/read-input.ts';
import type { FileProblem } from '../frame/cli-envelope.ts';
import { ENDPOINT_METHODS, trimSlashes } from './endpoint.ts';
import { leadsAbove } from './endpoint-path.ts';

export const SERVERLESS_JSON = 'serverless.json';

export type DeclaredEndpoint = {
  /** Without a slash at either end. */
  path: string;
  /** Upper case. */
  methods: string[];
  /** Below the folder, as it is written but for `./`. */
  file: string;
  /** Global and, over it, the endpoint's own. */
  environment: Record<string, string>;
  secretNames: string[];
};

export type ServerlessConfig = {
  /** As it is written; null: none. */
  runtime: string | null;
  endpoints: DeclaredEndpoint[];
};

export type ServerlessReading = {
  config: ServerlessConfig;
  problems: FileProblem[];
  /** Where each endpoint's path is named. */
  lines: ReadonlyMap<string, number>;
};

const LONGEST_ENDPOINT_PATH = 200;
/** A hundred endpoints take a tenth of it. */
const LARGEST = 256 * 1024;
/** Of those that are reported. */
const MOST_PROBLEMS = 50;
/** Names and values together. A hundred endpoints have some 1,500; these are parsed within 20 ms. */
const MOST_VALUES = 10_000;
/**
 * Variables and secrets of all endpoints together: what all share counts once for each. A file holds enough
 * for millions.
 */
const MOST_SETTINGS = 20_000;

const NOTHING = { config: { runtime: null, endpoints: [] }, lines: new Map<string, number>() };

/** @returns what was understood, and what is wrong: with a problem, nothing of it counts */
export function readServerlessJson(text: string): ServerlessReading {
  if (text.length > LARGEST) {
    const message = `it has over ${LARGEST} characters`;
    return { ...NOTHING, problems: [{ message, line: 1 }] };
  }
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const beyond = boundPassed(json);
  const root =
    beyond === null
      ? parseTree(json, errors, { disallowComments: true, allowTrailingComma: false })
      : undefined;
  const problems: FileProblem[] = [];
  const lines = lineStarts(json);
  const [broken] = errors;
  if (broken !== undefined || root === undefined) {
    const what =
      broken === undefined ? (beyond ?? 'it is empty') : wordsOf(printParseErrorCode(broken.error));
    problems.push({ message: `not valid JSON: ${what}`, line: lineAt(lines, broken?.offset ?? 0) });
    return { ...NOTHING, problems };
  }
  const report = (node: Node | undefined, message: string): void => {
    if (problems.length >= MOST_PROBLEMS) return;
    problems.push({ message, line: node === undefined ? null : lineAt(lines, node.offset) });
  };
  const config = readRoot(root, report);
  const members = membersOf(findNodeAtLocation(root, ['endpoints']));
  const lineOf = new Map(members.map(([name, , key]) => [pathOf(name), lineAt(lines, key.offset)]));
  return { config, problems, lines: lineOf };
}

/** The parser goes calls deeper for every bracket. */
const DEEPEST = 100;

/** One look at each character, whatever they are. @returns the rule that it doesn't keep */
function boundPassed(json: string): string | null {
  let depth = 0;
  let values = 0;
  let isInText = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (isInText) {
      if (character === '\\') at += 1;
      else if (character === '"') isInText = false;
    } else if (character === '"') isInText = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    else if (character === ',' || character === ':') values += 1;
    if (depth > DEEPEST) return 'it is nested too deeply';
    if (values > MOST_VALUES) return `it has over ${MOST_VALUES} names and values`;
  }
  return null;
}

type Report = (node: Node | undefined, message: string) => void;

function readRoot(root: Node, report: Report): ServerlessConfig {
  if (root.type !== 'object') {
    report(root, '$: must be an object');
    return { runtime: null, endpoints: [] };
  }
  const environment = readEnvironment(findNodeAtLocation(root, ['environment']), '$.environment', report);
  const secretNames = readSecretNames(findNodeAtLocation(root, ['secrets']), '$.secrets', report);
  const runtime = findNodeAtLocation(root, ['runtime']);
  if (runtime !== undefined && !isNodeRuntime(runtime)) {
    report(runtime, '$.runtime: must be nodejs and a version, such as "nodejs20.x"');
  }
  return {
    runtime: runtime?.type === 'string' ? (runtime.value as string) : null,
    endpoints: readEndpoints(root, { environment, secretNames }, report),
  };
}

function isNodeRuntime(node: Node): boolean {
  return node.type === 'null' || (node.type === 'string' && /^nodejs[0-9.]+x?$/i.test(node.value as string));
}

type Shared = Pick<DeclaredEndpoint, 'environment' | 'secretNames'>;

function readEndpoints(root: Node, shared: Shared, report: Report): DeclaredEndpoint[] {
  const node = findNodeAtLocation(root, ['endpoints']);
  if (node === undefined) {
    report(root, '$.endpoints: is missing but it is required');
    return [];
  }
  if (node.type !== 'object') {
    report(node, '$.endpoints: must be an object of paths');
    return [];
  }
  const members = membersOf(node);
  const sharedSettings = Object.keys(shared.environment).length + shared.secretNames.length;
  if (sharedSettings * members.length > MOST_SETTINGS) {
    report(
      node,
      `$.endpoints: all together have over ${MOST_SETTINGS} variables and secrets of $.environment and $.secrets`,
    );
    return [];
  }
  const endpoints = members.map(([name, value, key]) => readEndpoint(name, { key, value, shared, report }));
  const seen = new Set<string>();
  for (const [at, { path }] of endpoints.entries()) {
    if (seen.has(path.toLowerCase()))
      report(node.children?.[at], `$.endpoints: ${shown(path)} is declared twice`);
    seen.add(path.toLowerCase());
  }
  return endpoints;
}

type EndpointNodes = { key: Node; value: Node; shared: Shared; report: Report };

function readEndpoint(name: string, { key, value, shared, report }: EndpointNodes): DeclaredEndpoint {
  const place = `$.endpoints.${name.slice(0, 100)}`;
  const at = (member: string): Node | undefined =>
    value.type === 'object' ? findNodeAtLocation(value, [member]) : undefined;
  const path = pathOf(name);
  if (!isEndpointPath(trimSlashes(name)) || !isStorableText(path))
    report(key, `${place}: a path must have 1 to ${LONGEST_ENDPOINT_PATH} characters, no ? # \\ or blank`);
  if (leadsAbove(path))
    report(key, `${place}: a path must not have . or .. between its slashes: no call reaches it`);
  if (value.type !== 'object') report(value, `${place}: must be an object with a file and a method`);
  const secretNames = readSecretNames(at('secrets'), `${place}.secrets`, report);
  return {
    path,
    methods: readMethods(at('method') ?? at('methods'), `${place}.method`, report),
    file:
      value.type === 'object' ? readFile(at('file'), { place: `${place}.file`, holder: value, report }) : '',
    environment: {
      ...shared.environment,
      ...readEnvironment(at('environment'), `${place}.environment`, report),
    },
    secretNames: [...new Set([...shared.secretNames, ...secretNames])],
  };
}

/** Written with the escapes of addresses or without them, it is the same path. */
export function pathOf(name: string): string {
  const path = trimSlashes(name);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isEndpointPath(path: string): boolean {
  return (
    path.length > 0 && path.length <= LONGEST_ENDPOINT_PATH && !/[?#\\\s]/.test(path) && isStorableText(path)
  );
}

function readFile(node: Node | undefined, where: { place: string; holder: Node; report: Report }): string {
  const { place, holder, report } = where;
  if (node === undefined) {
    report(holder, `${place}: is missing but it is required`);
    return '';
  }
  if (node.type !== 'string') {
    report(node, `${place}: must be the name of a file`);
    return '';
  }
  const file = (node.value as string).replace(/^(\.?\/)+/, '');
  if (file === '' || file.includes('..') || file.includes('\\') || !isStorableText(file)) {
    report(node, `${place}: must name a file inside the folder`);
  }
  return file;
}

function readMethods(node: Node | undefined, place: string, report: Report): string[] {
  if (node === undefined || node.type === 'null') return ['GET'];
  const items = node.type === 'array' ? (node.children ?? []) : [node];
  if (items.length === 0) return ['GET'];
  const methods = items.map((item) => {
    const method = item.type === 'string' ? (item.value as string).trim().toUpperCase() : '';
    if (!(ENDPOINT_METHODS as readonly string[]).includes(method)) {
      report(item, `${place}: must be ${ENDPOINT_METHODS.join(', ')} or a list of them`);
    }
    return method;
  });
  return [...new Set(methods)];
}

function readEnvironment(node: Node | undefined, place: string, report: Report): Record<string, string> {
  if (node === undefined || node.type === 'null') return {};
  if (node.type !== 'object') {
    report(node, `${place}: must be an object of names and texts`);
    return {};
  }
  const environment: Record<string, string> = {};
  for (const [name, value, key] of membersOf(node)) {
    const text = ['string', 'number', 'boolean'].includes(value.type) ? String(value.value) : null;
    if (name === '' || name.includes('=') || !isStorableText(name))
      report(key, `${place}: ${shown(name)} is no name of a variable`);
    else if (text === null || !isStorableText(text))
      report(value, `${place}.${name.slice(0, 100)}: must be text`);
    else if (effectProblem(name, text) !== null)
      report(value, `${place}.${name}: can't have ${effectProblem(name, text)}`);
    else
      Object.defineProperty(environment, name, {
        value: text,
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return environment;
}

function readSecretNames(node: Node | undefined, place: string, report: Report): string[] {
  if (node === undefined || node.type === 'null') return [];
  if (node.type !== 'array') {
    report(node, `${place}: must be a list of names`);
    return [];
  }
  return (node.children ?? []).flatMap((item) => {
    if (item.type === 'string' && item.value !== '' && isStorableText(item.value as string))
      return [item.value as string];
    report(item, `${place}: must hold names of secrets`);
    return [];
  });
}

/** Name, value and the name's own node. */
function membersOf(node: Node | undefined): [string, Node, Node][] {
  return (node?.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    return key === undefined || value === undefined
      ? []
      : [[String(key.value), value, key] as [string, Node, Node]];
  });
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

/** `CommaExpected` -> `comma expected`. */
function wordsOf(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
