// Query strings and HTML forms as functions see them: every value is an array. Pure. Source:
// docs/specs/hubspot.md 3.1, observed: `a=1&a=2` is {a: ['1','2']}, `c[]=4` {c: ['4']}, `d[k]=5` {d: [{k:
// '5'}]}, a bare `e` {e: ['']}.
import { fail } from '../../../errors/failure.ts';

type Named = { [name: string]: string | Named };
export type Params = Record<string, (string | Named)[]>;

/** More are no form: they would only cost time. */
export const MOST_PAIRS = 10_000;
/** Brackets deeper than this are part of the name. */
const DEEPEST = 5;

/** Names may be anything, `__proto__` included: such objects have no prototype that could be reached. */
export function newParams(): Params {
  return Object.create(null) as Params;
}

/**
 * Adds what a query string or an urlencoded form says, after what is there.
 * @throws Failure `invalid_input` where there are too many
 */
export function addPairs(params: Params, text: string): void {
  if (countPairs(text) > MOST_PAIRS) {
    fail('invalid_input', { message: `a query or form may have at most ${MOST_PAIRS} values` });
  }
  for (const [name, value] of new URLSearchParams(text)) addParam(params, name, value);
}

export function addParam(params: Params, name: string, value: string): void {
  const [base, keys] = splitName(name);
  params[base] ??= [];
  const values = params[base];
  if (keys.length === 0) {
    values.push(value);
    return;
  }
  const last = values.at(-1);
  const holder = typeof last === 'object' ? last : newHolder();
  if (holder !== last) values.push(holder);
  setIn(holder, keys, value);
}

/** @returns the values with one element as themselves: what a body made of a form looks like */
export function plainValues(params: Params): Record<string, unknown> {
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [name, values] of Object.entries(params)) plain[name] = values.length === 1 ? values[0] : values;
  return plain;
}

/** `d[k][l]` is d, [k, l]; `c[]` is c, []; what isn't well formed is a plain name. */
function splitName(name: string): [base: string, keys: string[]] {
  const at = name.indexOf('[');
  if (at < 1 || !/^(\[[^[\]]*\])+$/.test(name.slice(at))) return [name, []];
  const keys = name.slice(at + 1, -1).split('][');
  if (keys.length > DEEPEST) return [name, []];
  return [name.slice(0, at), keys.filter((key) => key !== '')];
}

function setIn(holder: Named, keys: readonly string[], value: string): void {
  let at = holder;
  for (const key of keys.slice(0, -1)) {
    const inner = at[key];
    const next = typeof inner === 'object' ? inner : newHolder();
    at[key] = next;
    at = next;
  }
  at[keys.at(-1) as string] = value;
}

function newHolder(): Named {
  return Object.create(null) as Named;
}

function countPairs(text: string): number {
  let count = 1;
  for (let at = text.indexOf('&'); at !== -1 && count <= MOST_PAIRS; at = text.indexOf('&', at + 1))
    count += 1;
  return count;
}
