// Ends the process on errors that nobody caught: print, tell the server, exit with Lambda's status (docs/specs/lambda.md
// section 4). Installed by bootstrap before the user's code.
'use strict';

const own = require('./own-copies.cjs');
const { RuntimeError, toErrorObject } = require('./error-object.cjs');

const EXIT_UNHANDLED_REJECTION = 128;
const EXIT_UNCAUGHT_EXCEPTION = 129;

/**
 * @param {import('./dispatcher.cjs').Dispatcher} dispatcher
 * @param {import('./console-lines.cjs').ConsoleLines} lines
 */
function exitOnFatalErrors(dispatcher, lines) {
  process.on('uncaughtException', (error) => {
    lines.printFailure('Uncaught Exception', error);
    dispatcher.onFatal(isGiven(error) ? error : 'handled');
    own.exit(EXIT_UNCAUGHT_EXCEPTION);
  });
  process.on('unhandledRejection', (reason) => {
    const error = asRejection(reason);
    lines.printFailure('Unhandled Promise Rejection', error);
    dispatcher.onFatal(error);
    own.exit(EXIT_UNHANDLED_REJECTION);
  });
}

/** @param {unknown} error */
function isGiven(error) {
  return error !== undefined && error !== null;
}

/**
 * Lambda's error for it; the trace is that of the reason, since nothing else says where it came from.
 * @param {unknown} reason
 */
function asRejection(reason) {
  const { errorType, errorMessage, trace } = toErrorObject(isGiven(reason) ? reason : `${reason}`);
  const message = own.isNativeError(reason) ? `${errorType}: ${errorMessage}` : errorMessage;
  return new RuntimeError('Runtime.UnhandledPromiseRejection', message, trace);
}

module.exports = { exitOnFatalErrors };
