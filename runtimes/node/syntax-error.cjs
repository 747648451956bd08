// What is wrong with the text of a function, with line and column: V8 says the line, and points at the column
// in a drawing. Pure; called by the convention that compiles the text itself.
'use strict';

const { RuntimeError } = require('./error-object.cjs');

/** `file:line`, the line itself, and `^` below the place. */
const DRAWING = /^(.+):([0-9]+)\n.*\n( *\t*[ \t]*)\^/;

/**
 * @param {any} error  thrown by the compiler
 * @returns {unknown} the same, when it isn't a syntax error
 */
function syntaxErrorOf(error) {
  if (!(error instanceof SyntaxError)) return error;
  const [, file, line, before] = DRAWING.exec(String(error.stack)) ?? [];
  if (file === undefined) return new RuntimeError('Runtime.UserCodeSyntaxError', String(error));
  const place = `${file}:${line}:${before.length + 1}`;
  return new RuntimeError('Runtime.UserCodeSyntaxError', `${error} (${place})`, [`    at ${place}`]);
}

module.exports = { syntaxErrorOf };
