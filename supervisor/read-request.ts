// Reads the lines that the server sends: every member is there, of its shape, and no other one is. What
// passes is acted on as root, so the rules stand here whole, and no library takes part. Pure; does nothing
// with what it reads. Called by supervisor.ts.

import { parseEgressNetwork } from '../contract/egress-network.ts';
import { ENGINE_NAME, type EngineName, languageOf } from '../contract/engine-name.ts';
import {
  type AssignParams,
  type BuildParams,
  channelNames,
  type Hello,
  MOST_EGRESS_DENIED,
  type PrepareParams,
  type StartParams,
  type SupervisorRequest,
} from '../contract/supervisor-requests.ts';

type Rule = (value: unknown) => boolean;
type Shape = { readonly [member: string]: Rule | Shape };
/** A rule for every member of T: one that is added there and not here is a type error. */
type ShapeOf<T> = {
  [K in keyof T]-?: T[K] extends string | number | readonly unknown[] | null | undefined
    ? Rule
    : ShapeOf<T[K]>;
};

const text =
  (pattern: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const whole =
  (least: number, most: number): Rule =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
const oneOf =
  (values: readonly unknown[]): Rule =>
  (value) =>
    values.includes(value);

const sandboxId = text(/^[0-9a-z]{1,16}$/);
const isEngine = text(ENGINE_NAME);
const contentHash = text(/^[0-9a-f]{64}$/);
const isNetwork: Rule = (value) =>
  typeof value === 'string' && value.length <= 40 && parseEgressNetwork(value) !== null;

const limits: ShapeOf<BuildParams['limits']> = {
  memoryMb: whole(16, 1_048_576),
  tmpMb: whole(1, 1_048_576),
  cpuPercent: whole(1, 100_000),
  pids: whole(4, 1_000_000),
  openFiles: whole(32, 1_000_000),
};

const task = {
  accountId: text(/^[0-9A-Za-z]{1,32}$/),
  bundleHash: contentHash,
  layerHash: (value: unknown) => value === null || contentHash(value),
  egressDeny: (value: unknown) =>
    Array.isArray(value) && value.length <= MOST_EGRESS_DENIED && value.every(isNetwork),
};

const jail = { id: sandboxId, limits };
const build: ShapeOf<BuildParams> = {
  ...jail,
  python: (value) => value === null || (isEngine(value) && languageOf(value as EngineName) === 'python'),
};
const prepare: ShapeOf<PrepareParams> = {
  ...jail,
  engine: isEngine,
  reuse: oneOf(['warm', 'none', undefined]),
};
const start: ShapeOf<StartParams> = { ...prepare, ...task };
const assign: ShapeOf<AssignParams> = { id: sandboxId, ...task };

const PARAMS: Record<SupervisorRequest['method'], Shape> = {
  ...{ start, prepare, assign, build },
  kill: { id: sandboxId },
};

const seq = whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

/** @returns the request, or the members that are not as agreed */
export function readRequest(line: string): { request: SupervisorRequest } | { problems: string[] } {
  const value = parseJson(line);
  const method = isObject(value) ? value.method : undefined;
  const params = isMethod(method) ? PARAMS[method] : {};
  const problems = problemsOf(value, { seq, method: isMethod, params }, 'request');
  return problems.length === 0 ? { request: value as SupervisorRequest } : { problems };
}

/** @returns null where the first line of a connection is something else than a greeting */
export function readHello(line: string): Hello | null {
  const value = parseJson(line);
  const shapes = [
    { sandbox: sandboxId, channel: oneOf(channelNames) },
    { role: oneOf(['requests', 'calls']) },
  ];
  return shapes.some((shape) => problemsOf(value, shape, 'hello').length === 0) ? (value as Hello) : null;
}

function isMethod(value: unknown): value is SupervisorRequest['method'] {
  return typeof value === 'string' && Object.hasOwn(PARAMS, value);
}

/** @returns the path of every member that is missing, has another shape, or is not agreed */
function problemsOf(value: unknown, shape: Shape, at: string): string[] {
  if (!isObject(value)) return [at];
  const unknown = Object.keys(value).filter((member) => !Object.hasOwn(shape, member));
  const wrong = Object.entries(shape).flatMap(([member, rule]) => {
    const [found, place] = [Object.hasOwn(value, member) ? value[member] : undefined, `${at}.${member}`];
    if (typeof rule !== 'function') return problemsOf(found, rule, place);
    return rule(found) ? [] : [place];
  });
  return [...unknown.map((member) => `${at}.${member}`), ...wrong];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not JSON is one more wrong shape.
    return undefined;
  }
}
