// AWS Lambda's convention: an exported handler(event, context, callback) that ends by callback, promise or
// context, as docs/specs/lambda.md section 4 says.
//
//            callback(null, value)          event loop empty
//   running ----------------------> held ----------------------> succeeded
//      |  promise settled, thrown, callback(error), context.done ..., event loop empty
//      +-------------------------------------------------------> succeeded or failed
'use strict';

const { createContext } = require('../context.cjs');
const { RuntimeError, toErrorObject } = require('../error-object.cjs');
const { follow } = require('../follow.cjs');
const { findAhead, loadHandler } = require('../handler.cjs');
const own = require('../own-copies.cjs');
const { loadPackages, packageNames } = require('../packages.cjs');
const { installResponseStreams, isStreaming, openResponseStream } = require('../response-streams.cjs');

const NODE_JS_EXIT =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

/** @type {import('../convention.cjs').Convention} */
const lambda = {
  endsWithTurn: false,
  preload: async ({ taskRoot, handler, packages }) => {
    installResponseStreams();
    await loadPackages(taskRoot, packageNames(taskRoot, packages));
    findAhead(taskRoot, handler);
  },
  load: async (start) => {
    installResponseStreams();
    const handler = await loadHandler(start.taskRoot, start.handler);
    const callOne = isStreaming(handler) ? callStreaming : call;
    return (eventJson, head, completion) => callOne(handler, eventJson, createRun(start, head, completion));
  },
  describe: (thrown) => toErrorObject(isGiven(thrown) ? thrown : 'handled'),
  rejection: asRejection,
  unstringifiable,
};

/**
 * @typedef {object} LambdaRun
 * @property {ReturnType<typeof createContext>} context
 * @property {(value: unknown) => void} succeed
 * @property {(error: unknown) => void} fail
 * @property {(error?: unknown, value?: unknown) => void} callback
 * @property {(declaredAsync: boolean) => void} onEmptyEventLoop
 * @property {number} limitBytes   of a result
 */

/**
 * @param {import('../../../contract/frames.cjs').StartPayload} start
 * @param {import('../../../contract/frames.cjs').InvokeHead} head
 * @param {import('../convention.cjs').Completion} completion
 * @returns {LambdaRun}
 */
function createRun(start, head, completion) {
  let isHeld = false;
  /** @type {unknown} */
  let heldValue;
  const succeed = (/** @type {unknown} */ value) => {
    if (!isHeld) completion.succeed(value);
  };
  const fail = (/** @type {unknown} */ error) => {
    if (!isHeld) completion.fail(isGiven(error) ? error : 'handled');
  };
  const done = (/** @type {unknown} */ error, /** @type {unknown} */ value) =>
    isGiven(error) ? fail(error) : succeed(value);
  const context = createContext(start, head, { done, succeed, fail });
  const isAlone = (start.concurrency ?? 1) === 1;
  const callback = (/** @type {unknown} */ error, /** @type {unknown} */ value) => {
    if (isGiven(error)) fail(error);
    else if (!isAlone || !context.callbackWaitsForEmptyEventLoop) succeed(value);
    else if (!isHeld) {
      isHeld = true;
      heldValue = value;
    }
  };
  const onEmptyEventLoop = (/** @type {boolean} */ declaredAsync) => {
    if (isHeld) completion.succeed(heldValue);
    else if (declaredAsync) completion.fail(new RuntimeError('Runtime.NodeJsExit', NODE_JS_EXIT));
    else completion.succeed(null);
  };
  return { context, succeed, fail, callback, onEmptyEventLoop, limitBytes: start.resultLimitBytes };
}

/**
 * @param {Function} handler
 * @param {string} eventJson
 * @param {LambdaRun} run
 */
function call(handler, eventJson, { context, succeed, fail, callback, onEmptyEventLoop }) {
  const declaredAsync = own.isAsyncFunction(handler);
  try {
    follow(handler(own.parseJson(eventJson), context, callback), succeed, fail);
  } catch (error) {
    fail(error);
  }
  return () => onEmptyEventLoop(declaredAsync);
}

/**
 * The run ends with its stream. What the handler returns says nothing, but that it failed.
 * @param {Function} handler
 * @param {string} eventJson
 * @param {LambdaRun} run
 */
function callStreaming(handler, eventJson, { context, succeed, fail, onEmptyEventLoop, limitBytes }) {
  const stream = openResponseStream(limitBytes, succeed, fail);
  try {
    follow(handler(own.parseJson(eventJson), stream, context), () => {}, fail);
  } catch (error) {
    fail(error);
  }
  return () => onEmptyEventLoop(true);
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

/** @param {any} cause */
function unstringifiable(cause) {
  const { errorType, errorMessage, trace } = toErrorObject(cause);
  const lines = trace.length > 0 ? trace : [`${errorType}: ${errorMessage}`];
  return new RuntimeError('Error', 'Unable to stringify response body', lines);
}

module.exports = { lambda };
