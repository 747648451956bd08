// Whether a condition of a filter or a branch holds. Pure: what isn't there, or is of another kind, is simply
// not so.
import type { Condition } from './flow.ts';

type Scope = Record<string, unknown>;

export function holds(condition: Condition, scope: Scope): boolean {
  const found = lookUp(scope, condition.path);
  const { value } = condition;
  switch (condition.operator) {
    case 'exists':
      return found !== undefined && found !== null;
    case 'missing':
      return found === undefined || found === null;
    case 'equals':
      return isSame(found, value);
    case 'not_equals':
      return !isSame(found, value);
    case 'greater':
      return compare(found, value) > 0;
    case 'less':
      return compare(found, value) < 0;
    case 'contains':
      return contains(found, value);
    case 'in':
      return Array.isArray(value) && value.some((one) => isSame(found, one));
  }
}

export function allHold(conditions: readonly Condition[], match: 'all' | 'any', scope: Scope): boolean {
  const isTrue = (condition: Condition): boolean => holds(condition, scope);
  return match === 'all' ? conditions.every(isTrue) : conditions.some(isTrue);
}

/** Own members only: a path can't reach what objects are made of. */
function lookUp(scope: Scope, path: string): unknown {
  let found: unknown = scope;
  for (const member of path.split('.')) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, member)) return undefined;
    found = (found as Scope)[member];
  }
  return found;
}

/** Metadata is texts where others write numbers: `"5"` and `5` are the same here. */
function isSame(found: unknown, value: unknown): boolean {
  if (found === null || found === undefined || typeof found === 'object') return found === value;
  return typeof value !== 'object' && String(found) === String(value);
}

/** Negative, zero or positive; NaN where the two have no order. */
function compare(found: unknown, value: unknown): number {
  const [left, right] = [asNumber(found), asNumber(value)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  if (typeof found !== 'string' || typeof value !== 'string') return Number.NaN;
  if (found === value) return 0;
  return found < value ? -1 : 1;
}

function asNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function contains(found: unknown, value: unknown): boolean {
  if (Array.isArray(found)) return found.some((one) => isSame(one, value));
  return typeof found === 'string' && typeof value === 'string' && found.includes(value);
}
