// What in a value that was read from JSON can't be kept as jsonb: NUL, halves of surrogate pairs, numbers
// beyond a double, nesting so deep that no parser gets through. Pure; allocates nothing on the way, because
// strangers choose how much there is.
import { isStorableText } from '../http/read-input.ts';

/** Levels of lists and objects inside one another. */
export const MOST_LEVELS = 100;

const BROKEN_TEXT = 'must not contain NUL or broken characters';
const BROKEN_NAME = 'must not have names that contain NUL or broken characters';

type Found = { path: string[]; rule: string };

/** @returns where and what, for the caller; null where all is well */
export function jsonProblem(root: unknown, name: string): { field: string; rule: string } | null {
  const found = problemIn(root, 0);
  return found === null ? null : { field: [name, ...found.path].join('.'), rule: found.rule };
}

/** Recursion ends with the levels that are allowed. */
function problemIn(value: unknown, level: number): Found | null {
  const rule = brokenRule(value, level);
  if (rule !== null) return { path: [], rule };
  if (value === null || typeof value !== 'object') return null;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) {
      const found = problemIn(value[at], level + 1);
      if (found !== null) return below(String(at), found);
    }
    return null;
  }
  for (const key in value) {
    if (!isStorableText(key)) return { path: [], rule: BROKEN_NAME };
    const found = problemIn((value as Record<string, unknown>)[key], level + 1);
    if (found !== null) return below(key, found);
  }
  return null;
}

function brokenRule(value: unknown, level: number): string | null {
  if (level > MOST_LEVELS) return `must not be nested deeper than ${MOST_LEVELS} levels`;
  if (typeof value === 'string' && !isStorableText(value)) return BROKEN_TEXT;
  if (typeof value === 'number' && !Number.isFinite(value)) return 'must not hold a number this large';
  return null;
}

function below(key: string, { path, rule }: Found): Found {
  return { path: [key, ...path], rule };
}
