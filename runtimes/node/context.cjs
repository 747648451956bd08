// The `context` argument of a handler with every member that Lambda's has (docs/specs/lambda.md section 4),
// in the same order, so that a handler that prints it prints the same. Holds no state but
// callbackWaitsForEmptyEventLoop.
'use strict';

const { nowMs } = require('./own-copies.cjs');

/**
 * @typedef {object} Completion
 * @property {(error?: unknown, value?: unknown) => void} done
 * @property {(value?: unknown) => void} succeed
 * @property {(error?: unknown) => void} fail
 */

/**
 * @param {import('../../contract/frames.cjs').StartPayload} start
 * @param {import('../../contract/frames.cjs').InvokeHead} head
 * @param {Completion} completion
 */
function createContext(start, head, completion) {
  const { deadlineMs, traceId } = head;
  const context = {
    // An event loop that several runs share is never empty of one of them.
    callbackWaitsForEmptyEventLoop: (start.concurrency ?? 1) === 1,
    succeed: completion.succeed,
    fail: completion.fail,
    done: completion.done,
    functionVersion: start.functionVersion,
    functionName: start.functionName,
    memoryLimitInMB: `${start.memoryMb}`,
    logGroupName: start.logGroupName,
    logStreamName: start.logStreamName,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: head.functionArn,
    awsRequestId: head.requestId,
    tenantId: undefined,
    getRemainingTimeInMillis: () => deadlineMs - nowMs(),
  };
  return traceId === undefined ? context : { ...context, xRayTraceId: traceId };
}

module.exports = { createContext };
