// Which file of the function is its program (docs/specs/lambda.md sections 2 and 8).
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Runtimes whose handler names the program. */
const NAMED_BY_HANDLER = 'AWS_Lambda_go1.x';
/** What the program's own .NET starts with, which the function's variables don't say. */
const OF_DOTNET = /^DOTNET_/;

/**
 * @typedef {object} Program
 * @property {string} file
 * @property {string[]} args
 * @property {Record<string, string | undefined>} variables  that it finds besides its own, where it has none
 * of that name
 */

/**
 * @param {import('../../contract/frames.cjs').StartPayload} settings
 * @param {string} [dotnet]  that runs the assembly which the handler names
 * @returns {Program | { error: { errorType: string, errorMessage: string } }}
 */
function findProgram({ taskRoot, handler, env }, dotnet) {
  if (dotnet !== undefined) {
    const own = Object.entries(process.env).filter(([name]) => OF_DOTNET.test(name));
    const assembly = path.join(taskRoot, `${handler}.dll`);
    return { file: dotnet, args: [assembly], variables: Object.fromEntries(own) };
  }
  const isNamed = env.AWS_EXECUTION_ENV === NAMED_BY_HANDLER;
  const file = path.join(taskRoot, isNamed ? handler : 'bootstrap');
  const problem = file.startsWith(`${taskRoot}/`) ? problemOf(file) : 'lies outside of the function';
  if (problem === null) return { file, args: [], variables: {} };
  const errorMessage = `Couldn't find valid bootstrap(s): [${file}]: it ${problem}`;
  return { error: { errorType: 'Runtime.InvalidEntrypoint', errorMessage } };
}

/** @param {string} file */
function problemOf(file) {
  try {
    if (!fs.statSync(file).isFile()) return 'is no file';
    fs.accessSync(file, fs.constants.X_OK);
    return null;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EACCES'
      ? 'is not executable: set its mode to 755 before you zip it'
      : 'is not there';
  }
}

module.exports = { findProgram };
