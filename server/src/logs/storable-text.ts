// PostgreSQL's text and jsonb hold neither NUL nor lone surrogates; strangers' code prints both. Pure.

/** The same text with what can't be stored replaced by U+FFFD. */
export function storableText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text).toWellFormed();
}

/** The same record with such texts: what callers and functions put into a run. */
export function storableTexts(
  record: Record<string, string | number | boolean | null>,
): Record<string, string | number | boolean | null> {
  if (isStorable(record)) return record;
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      typeof value === 'string' ? storableText(value) : value,
    ]),
  );
}

/** As a rule all of it is: asked for every run. */
function isStorable(record: Record<string, string | number | boolean | null>): boolean {
  for (const key in record) {
    const value = record[key];
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) return false;
  }
  return true;
}

/** Levels of lists and objects inside one another that jsonb is given. */
const MOST_LEVELS = 200;

/** What JSON says, as jsonb can hold it; null where it is no JSON, or nested too deep. */
export function storableJson(json: string | null): unknown {
  if (json === null) return null;
  try {
    return storable(JSON.parse(json), 0);
  } catch {
    return null;
  }
}

function storable(value: unknown, level: number): unknown {
  if (typeof value === 'string') return storableText(value);
  if (value === null || typeof value !== 'object') return value;
  if (level >= MOST_LEVELS) throw new RangeError('nested too deep');
  if (Array.isArray(value)) return value.map((item) => storable(item, level + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [storableText(key), storable(item, level + 1)]),
  );
}
