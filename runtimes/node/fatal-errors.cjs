// Ends the process on uncaught errors: print, report to the server, exit with Lambda's status
// (docs/specs/lambda.md section 4). Where runs overlap, the process goes on for the other runs. Installed by
// bootstrap and template before the user's code.
'use strict';

const own = require('./own-copies.cjs');

/** @typedef {InstanceType<typeof import('./console-lines.cjs').ConsoleLines>} ConsoleLines */

const EXIT_UNHANDLED_REJECTION = 128;
const EXIT_UNCAUGHT_EXCEPTION = 129;

/**
 * @param {{ onFatal(error: unknown): 'ends' | 'goes on', rejection(reason: unknown): unknown }} dispatcher
 * @param {ConsoleLines} lines
 */
function exitOnFatalErrors(dispatcher, lines) {
  process.on('uncaughtException', (error) => {
    lines.printFailure('Uncaught Exception', error);
    if (dispatcher.onFatal(error) === 'ends') own.exit(EXIT_UNCAUGHT_EXCEPTION);
  });
  process.on('unhandledRejection', (reason) => {
    const error = dispatcher.rejection(reason);
    lines.printFailure('Unhandled Promise Rejection', error);
    if (dispatcher.onFatal(error) === 'ends') own.exit(EXIT_UNHANDLED_REJECTION);
  });
}

module.exports = { exitOnFatalErrors };
