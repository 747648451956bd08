// Which file of the function is its program (docs/specs/lambda.md sections 2 and 8).
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Runtimes whose handler names the program. */
const NAMED_BY_HANDLER = 'AWS_Lambda_go1.x';

/**
 * @param {import('../../contract/frames.cjs').StartPayload} settings
 * @returns {{ file: string } | { error: { errorType: string, errorMessage: string } }}
 */
function findProgram({ taskRoot, handler, env }) {
  const isNamed = env.AWS_EXECUTION_ENV === NAMED_BY_HANDLER;
  const file = path.join(taskRoot, isNamed ? handler : 'bootstrap');
  const problem = file.startsWith(`${taskRoot}/`) ? problemOf(file) : 'lies outside of the function';
  if (problem === null) return { file };
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
    return error.code === 'EACCES'
      ? 'is not executable: set its mode to 755 before you zip it'
      : 'is not there';
  }
}

module.exports = { findProgram };
