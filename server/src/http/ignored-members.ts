// Which members of a body nobody reads. Dialects whose clients send more than they need pass such members
// over; the caller learns of them by a header, so that a misspelt name doesn't go unnoticed. Names alone are
// reported, never values. Pure. Called by the frames of the dialects.
import type { z } from 'zod';

/** Names of ignored members, separated by commas, escaped as in an address. */
const IGNORED_HEADER = 'millrace-ignored';

/** More don't help the one who corrects them. */
const MOST_TOLD = 20;
const LONGEST_NAME = 100;

/**
 * @param taken what is read of the body; null: nothing
 * @returns paths such as `timing.unit` or `items.0.name`
 */
export function ignoredMembers(taken: z.ZodType | null, body: unknown): string[] {
  const found: string[] = [];
  collect(taken, body, '', found);
  return found;
}

/** @returns the header; none where nothing was ignored */
export function ignoredHeader(names: readonly string[]): Record<string, string> {
  if (names.length === 0) return {};
  return { [IGNORED_HEADER]: names.map(escaped).join(', ') };
}

function escaped(name: string): string {
  return encodeURIComponent(name.slice(0, LONGEST_NAME).toWellFormed());
}

type Def = {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  options?: readonly z.ZodType[];
  element?: z.ZodType;
  valueType?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  catchall?: z.ZodType;
};

function collect(schema: z.ZodType | null, value: unknown, place: string, found: string[]): void {
  if (value === null || typeof value !== 'object' || found.length >= MOST_TOLD) return;
  const def = schema === null ? { type: 'object', shape: {} } : (schema.def as unknown as Def);
  const inner = def.innerType ?? def.in;
  if (inner !== undefined) collect(inner, value, place, found);
  else if (def.options !== undefined) collectOfUnion(def.options, value, place, found);
  else if (!Array.isArray(value) && def.shape !== undefined)
    collectOfObject(def, value as Record<string, unknown>, place, found);
  else collectOfEach(Array.isArray(value) ? def.element : def.valueType, value, place, found);
}

/** Items of a list, or values of an object of any names. */
function collectOfEach(schema: z.ZodType | undefined, value: object, place: string, found: string[]): void {
  if (schema === undefined) return;
  for (const [name, item] of Object.entries(value)) collect(schema, item, `${place}${name}.`, found);
}

function collectOfObject(
  { shape = {}, catchall }: Def,
  value: Record<string, unknown>,
  place: string,
  found: string[],
): void {
  for (const [name, item] of Object.entries(value)) {
    if (found.length >= MOST_TOLD) return;
    if (Object.hasOwn(shape, name)) collect(shape[name] as z.ZodType, item, `${place}${name}.`, found);
    // An object with a rule for other members takes or refuses them itself.
    else if (catchall === undefined) found.push(`${place}${name}`);
  }
}

/** Whether a value of it may have members. */
function isOfMembers(schema: z.ZodType): boolean {
  const { type, innerType, in: before, options } = schema.def as unknown as Def;
  const inner = innerType ?? before;
  if (inner !== undefined) return isOfMembers(inner);
  return options === undefined ? ['object', 'array', 'record'].includes(type) : options.some(isOfMembers);
}

/** The form that leaves least is the one that was meant. */
function collectOfUnion(options: readonly z.ZodType[], value: object, place: string, found: string[]): void {
  const left = options.filter(isOfMembers).map((option) => {
    const own: string[] = [];
    collect(option, value, place, own);
    return own;
  });
  left.sort((one, other) => one.length - other.length);
  found.push(...(left[0] ?? []).slice(0, MOST_TOLD - found.length));
}
