// Looks at a function body before it ever runs: a syntax error is a warning with its place, in the owner's
// own lines. Parses, never runs. Code that is wrong here is stored all the same, as the page says: the owner
// sees it fail.
import { type ecmaVersion, parse } from 'acorn';

export type CodeWarning = { message: string; line: number; column: number };

const NEWEST: ecmaVersion = 'latest';

/** @returns null where the body can be parsed as that of `function (event, context, callback)` */
export function codeWarning(code: string): CodeWarning | null {
  try {
    parse(code, { ecmaVersion: NEWEST, sourceType: 'script', allowReturnOutsideFunction: true });
    return null;
  } catch (error) {
    // The parser calls itself for every level.
    if (error instanceof RangeError)
      return { message: 'is nested too deeply to be looked at', line: 1, column: 1 };
    if (!isParseError(error)) throw error;
    const message = error.message.replace(/ \(\d+:\d+\)$/, '');
    return { message, line: error.loc.line, column: error.loc.column + 1 };
  }
}

function isParseError(error: unknown): error is SyntaxError & { loc: { line: number; column: number } } {
  return error instanceof SyntaxError && 'loc' in error;
}
