// The convention of an exported handler(context, sendResponse): the first response wins and is sent at once,
// and what the handler still does then is done. A handler that returns its response instead works, too.
//
//   running --sendResponse, or a response returned--> responded: answered, its work goes on
//      |  event loop empty: what was returned is the response; nothing was: failed
//      +--thrown, rejected--> failed
'use strict';

const { RuntimeError, messageOf, toPlainErrorObject } = require('../error-object.cjs');
const { follow } = require('../follow.cjs');
const { findAhead, loadHandler } = require('../handler.cjs');
const own = require('../own-copies.cjs');
const { loadPackages, packageNames } = require('../packages.cjs');
const { withAnyCase } = require('../request-headers.cjs');
const { isPlain, isResponseLike, toResponse } = require('../response.cjs');

const NO_RESPONSE =
  'sendResponse was never called and nothing was returned: the function has nothing left to do; call sendResponse on every way through the code';

/** @type {import('../convention.cjs').Convention} */
const respond = {
  endsWithTurn: false,
  preload: async ({ taskRoot, handler, packages }) => {
    await loadPackages(taskRoot, packageNames(taskRoot, packages));
    findAhead(taskRoot, handler);
  },
  load: async (start) => {
    const handler = await loadHandler(start.taskRoot, start.handler);
    return (bodyJson, _head, completion) => call(handler, own.parseJson(bodyJson), completion);
  },
  describe: toPlainErrorObject,
  rejection: (reason) => reason,
  unstringifiable: (cause) =>
    new RuntimeError(
      'Function.UnserializableResponse',
      `the response can't be written as JSON: ${messageOf(cause)}`,
    ),
};

/**
 * A handler that takes no sendResponse can only return its response. One that takes it may return something
 * by accident, as arrow functions without braces do: then only what looks like a response is one at once.
 * @param {Function} handler
 * @param {any} context  of INVOKE
 * @param {import('../convention.cjs').Completion} completion
 */
function call(handler, context, completion) {
  /** @type {unknown} */
  let returned;
  const sendResponse = (/** @type {unknown} */ given) => answer(completion, given);
  const onValue = (/** @type {unknown} */ value) => {
    if (!isPlain(value)) return;
    returned = value;
    if (handler.length < 2 || isResponseLike(value)) answer(completion, value);
  };
  const fail = (/** @type {unknown} */ error) => completion.fail(error);
  try {
    if (typeof context?.headers === 'object') context.headers = withAnyCase(context.headers);
    const value = handler(context, sendResponse);
    if (!follow(value, onValue, fail)) onValue(value);
  } catch (error) {
    fail(error);
  }
  return () => {
    if (returned !== undefined) answer(completion, returned);
    else fail(new RuntimeError('Function.NoResponse', NO_RESPONSE));
  };
}

/**
 * @param {import('../convention.cjs').Completion} completion
 * @param {unknown} given
 */
function answer(completion, given) {
  let response;
  try {
    response = toResponse(given);
  } catch (error) {
    completion.fail(error);
    return;
  }
  completion.respond(response);
}

module.exports = { respond };
