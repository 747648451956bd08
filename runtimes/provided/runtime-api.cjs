// Lambda's Runtime API over HTTP, version 2018-06-01 (docs/specs/lambda.md section 2). Reads requests and
// writes answers; what is allowed when is in invocations.cjs.
'use strict';

const { randomBytes } = require('node:crypto');
const { Refusal } = require('./invocations.cjs');
const { HTTP_RESPONSE } = require('./streamed-response.cjs');

/** @typedef {InstanceType<typeof import('./invocations.cjs').Invocations>} Invocations */

const ROOT = '/2018-06-01/runtime';
const ANSWER = /^\/invocation\/([^/]+)\/(response|error)$/;
const ERROR_TYPE = 'lambda-runtime-function-error-type';
const STREAMED_ERROR_TYPE = 'Lambda-Runtime-Function-Error-Type';
const STREAMED_ERROR_BODY = 'Lambda-Runtime-Function-Error-Body';
const RESPONSE_MODE = 'lambda-runtime-function-response-mode';
const KNOWN_TYPE = /^(Runtime|Function)\.[A-Z][A-Za-z]*$/;
/** An error is not as large as a result. */
const MOST_ERROR_BYTES = 256 * 1024;
/** As in runtimes/node/error-object.cjs. */
const MOST_TYPE_CHARS = 1024;

/**
 * @typedef {import('node:http').IncomingMessage} Request @typedef {import('node:http').ServerResponse} Answer
 */

/** @param {Invocations} invocations */
function runtimeApi(invocations) {
  return (/** @type {Request} */ request, /** @type {Answer} */ answer) => {
    serve(invocations, request, answer).catch((error) => {
      if (error instanceof Refusal) sendError(answer, error);
      else sendError(answer, new Refusal(500, 'InternalServerError', String(error)));
    });
  };
}

/**
 * @param {Invocations} invocations
 * @param {Request} request
 * @param {Answer} answer
 */
async function serve(invocations, request, answer) {
  const { pathname } = new URL(request.url ?? '/', 'http://runtime');
  const place = pathname.startsWith(ROOT) ? pathname.slice(ROOT.length) : '';
  const said = ANSWER.exec(place);
  const { method } = request;
  if (method === 'GET' && place === '/invocation/next') return await sendNext(invocations, answer);
  if (method === 'POST' && place === '/init/error') return await takeInitError(invocations, request, answer);
  if (method === 'POST' && said !== null) {
    const [, requestId = '', what] = said;
    if (what === 'response') await takeResponse(invocations, requestId, request, answer);
    else await takeError(invocations, requestId, request, answer);
    return;
  }
  throw new Refusal(404, 'NotFound', `there is no ${method} ${pathname}`);
}

/**
 * @param {Invocations} invocations
 * @param {Answer} answer
 */
async function sendNext(invocations, answer) {
  const before = invocations.asked;
  const waiting = invocations.next();
  const { asked } = invocations;
  // A client that gives up waiting, and asks anew; one that was refused has nothing to give up.
  if (asked !== before) answer.on('close', () => invocations.giveUp(asked));
  const { requestId, deadlineMs, functionArn, traceId, event } = await waiting;
  answer.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': event.length,
    'Lambda-Runtime-Aws-Request-Id': requestId,
    'Lambda-Runtime-Deadline-Ms': String(deadlineMs),
    'Lambda-Runtime-Invoked-Function-Arn': functionArn,
    'Lambda-Runtime-Trace-Id': traceId ?? newTraceId(),
  });
  answer.end(event);
}

/** Not sampled: its cause is part of no trace. */
function newTraceId() {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Sampled=0`;
}

/**
 * @param {Invocations} invocations
 * @param {string} requestId
 * @param {Request} request
 * @param {Answer} answer
 */
async function takeResponse(invocations, requestId, request, answer) {
  const mode = request.headers[RESPONSE_MODE];
  invocations.require(requestId, 'InvocationResponse');
  if (mode !== undefined && mode !== 'streaming')
    throw new Refusal(400, 'InvalidResponseMode', `there is no response mode ${mode}`);
  const body = await readBody(request, invocations.limitBytes);
  // While it was read, the same invocation may have been answered by another request.
  invocations.require(requestId, 'InvocationResponse');
  if (body === null) {
    await invocations.tooLarge();
    const message = `Exceeded maximum allowed payload size (${invocations.limitBytes} bytes).`;
    throw new Refusal(413, 'RequestEntityTooLarge', message);
  }
  const streamedType = request.trailers[STREAMED_ERROR_TYPE.toLowerCase()];
  if (streamedType !== undefined)
    await invocations.fail(streamedError(String(streamedType), request.trailers));
  else await invocations.respond(body, request.headers['content-type'] === HTTP_RESPONSE);
  sendOk(answer);
}

/**
 * @param {string} type
 * @param {NodeJS.Dict<string>} trailers
 */
function streamedError(type, trailers) {
  const body = Buffer.from(String(trailers[STREAMED_ERROR_BODY.toLowerCase()] ?? ''), 'base64');
  return errorOf(body, type);
}

/**
 * @param {Invocations} invocations
 * @param {string} requestId
 * @param {Request} request
 * @param {Answer} answer
 */
async function takeError(invocations, requestId, request, answer) {
  invocations.require(requestId, 'InvocationErrorResponse');
  const error = await readError(request);
  invocations.require(requestId, 'InvocationErrorResponse');
  await invocations.fail(error);
  sendOk(answer);
}

/**
 * @param {Invocations} invocations
 * @param {Request} request
 * @param {Answer} answer
 */
async function takeInitError(invocations, request, answer) {
  const error = await readError(request);
  sendOk(answer, () => {
    try {
      invocations.failInit(error);
    } catch {
      // It has been ready: what it says now of its start is late.
    }
  });
}

/** @param {Request} request */
async function readError(request) {
  const body = await readBody(request, MOST_ERROR_BYTES);
  if (body === null)
    throw new Refusal(413, 'RequestEntityTooLarge', `an error has at most ${MOST_ERROR_BYTES} bytes`);
  return errorOf(body, String(request.headers[ERROR_TYPE] ?? ''));
}

/**
 * @param {Buffer} body  what the program says; of another form than an error object, or nothing, the type
 * alone counts
 * @param {string} type
 */
function errorOf(body, type) {
  const usual = { errorType: KNOWN_TYPE.test(type) ? type : 'Function.Unknown', errorMessage: '' };
  try {
    const said = JSON.parse(body.toString());
    if (said === null || typeof said !== 'object' || Array.isArray(said)) return usual;
    const told = { ...usual, ...said };
    if (typeof told.errorType === 'string') told.errorType = told.errorType.slice(0, MOST_TYPE_CHARS);
    return told;
  } catch {
    return usual;
  }
}

/**
 * @param {Request} request
 * @param {number} limitBytes
 * @returns {Promise<Buffer | null>} null: it is larger; the rest of it is read and forgotten
 */
async function readBody(request, limitBytes) {
  /** @type {Buffer[]} */
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > limitBytes ? null : Buffer.concat(chunks);
}

/**
 * @param {Answer} answer
 * @param {() => void} [then]  once it is written
 */
function sendOk(answer, then) {
  send(answer, 202, { status: 'OK' }, then);
}

/**
 * @param {Answer} answer
 * @param {InstanceType<typeof Refusal>} refusal
 */
function sendError(answer, { status, type, message }) {
  send(answer, status, { errorType: type, errorMessage: message });
}

/**
 * @param {Answer} answer
 * @param {number} status
 * @param {object} body
 * @param {() => void} [then]
 */
function send(answer, status, body, then) {
  const text = JSON.stringify(body);
  answer.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  answer.end(text, then);
}

module.exports = { runtimeApi };
