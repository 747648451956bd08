// How deep a JSON text is nested and how many values it holds, counted in one pass over its bytes before any
// of it is parsed: a parser, a schema and a writer go down level by level and make an object per value, so
// that a few megabytes of brackets cost a hundred times what they weigh. Doesn't judge whether the text is
// JSON. Pure.

export type JsonBounds = {
  /** Arrays and objects inside one another. */
  levels: number;
  /** Values of every kind, those inside others and the names of members included. */
  values: number;
};

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Of a request about things of ours: far more than any of them has. Names of members count, too. */
export const ORDINARY_BOUNDS: JsonBounds = { levels: 128, values: 100_000 };
/**
 * Of a request whose data is a function's: what two megabytes hold as a rule, and six of them where their
 * texts are longer.
 */
export const PAYLOAD_BOUNDS: JsonBounds = { levels: 128, values: 400_000 };

/** @returns the rule that the text breaks, as the end of a sentence; null: none */
export function jsonProblem(text: Buffer, bounds: JsonBounds): string | null {
  let level = 0;
  // Each value but the first stands behind a comma or an opening bracket; names count as well, which the
  // bound allows for.
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] as number;
    if (byte === QUOTE) {
      at = endOfString(text, at);
    } else if (byte === COMMA || byte === COLON) {
      values += 1;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      level += 1;
      values += 1;
      if (level > bounds.levels) return `must not be nested deeper than ${bounds.levels} levels`;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      level -= 1;
    }
    if (values > bounds.values) return `must not hold more than ${bounds.values} values`;
  }
  return null;
}

/** @returns where the closing quote is, or the text ends */
function endOfString(text: Buffer, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const byte = text[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
  }
  return text.length;
}
