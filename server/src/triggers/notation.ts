// How types and notations are written, and what longer notations imply. Pure. A type (`order:created`) stands
// for itself alone; a notation (`sale.created.success`) is the more specific the longer it is, and implies
// its prefixes of two segments and more: who listens to `sale.created` hears of it too.

/** Longest type or notation, in characters. */
export const NOTATION_CHARACTERS = 100;
/** As in server/sql/0004_events.sql. */
const NOTATION = /^[a-z][a-z0-9_]*(:[a-z0-9_]+|(\.[a-z0-9_]+){1,7})$/;

export const NOTATION_RULE =
  'must be a type such as order:created or a notation such as sale.created.success';

/** Well formed, whether it is known or not. */
export function isNotation(text: string): boolean {
  return text.length <= NOTATION_CHARACTERS && NOTATION.test(text);
}

/** What it is about: its first segment. */
export function itemTypeOf(notation: string): string {
  return notation.split(/[.:]/, 1)[0] as string;
}

/** It and all that it implies, longest first. */
export function impliedNotations(notation: string): string[] {
  const segments = notation.split('.');
  const implied = [notation];
  for (let length = segments.length - 1; length >= 2; length -= 1) {
    implied.push(segments.slice(0, length).join('.'));
  }
  return implied;
}

/**
 * Everything that an event can be heard under, most specific first; among equals as the publisher put them, a
 * type, which nothing is more specific than, before all notations.
 */
export function expandNotations(given: readonly string[]): string[] {
  const all = [...new Set(given.flatMap(impliedNotations))];
  return all.sort((a, b) => specificity(b) - specificity(a));
}

function specificity(notation: string): number {
  return notation.includes(':') ? Number.POSITIVE_INFINITY : notation.split('.').length;
}
