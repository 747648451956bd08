// One run of the handler: decides what its outcome is and sends it once, as docs/specs/lambda.md section 4 says.
// Created and started by the dispatcher; never loads code and never exits.
//
//            callback(null, value), waiting for an empty loop
//   running ------------------------------------------------> held
//      |  promise settled, thrown, callback(error), done ...    |  event loop empty
//      |  event loop empty                                      |
//      +--------------------------> answering <-----------------+
//                                       |  all output is written
//                                       v
//                                   answered
//
// The first completion decides; whatever completes later finds the state changed and does nothing.
'use strict';

const { FRAME, encodeTwoPartFrame } = require('../../contract/frames.cjs');
const { createContext } = require('./context.cjs');
const { RuntimeError, toErrorObject, errorToJson } = require('./error-object.cjs');
const own = require('./own-copies.cjs');

/** How long an outcome waits for stdout that the server is slow to read. */
const OUTPUT_WAIT_MS = 2000;

const NODE_JS_EXIT =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

/**
 * @typedef {object} Surroundings   what an invocation needs of the process; the same for every run
 * @property {import('../../contract/frames.cjs').StartPayload} start
 * @property {import('./output-ledger.cjs').OutputLedger} output
 * @property {import('./console-lines.cjs').ConsoleLines} lines
 * @property {(frame: Buffer) => void} onAnswer   called once with the frame to send
 */

class Invocation {
  /** @type {'running' | 'held' | 'answering' | 'answered'} */
  #state = 'running';
  /** @type {unknown} */
  #heldValue = undefined;
  #declaredAsync = false;
  #answerType = 0;
  #answerBody = '';
  #nonce;
  #head;
  #around;

  /**
   * @param {Buffer} nonce  kept, so a copy and not a view that would hold the whole event
   * @param {import('../../contract/frames.cjs').InvokeHead} head
   * @param {Surroundings} around
   */
  constructor(nonce, head, around) {
    this.#nonce = nonce;
    this.#head = head;
    this.#around = around;
  }

  /**
   * @param {Function} handler
   * @param {string} eventJson
   */
  start(handler, eventJson) {
    const succeed = (value) => this.#succeed(value);
    const fail = (error) => this.#fail(error);
    const done = (error, value) => (isGiven(error) ? this.#fail(error) : this.#succeed(value));
    const context = createContext(this.#around.start, this.#head, { done, succeed, fail });
    const callback = (error, value) => {
      if (isGiven(error)) this.#fail(error);
      else if (context.callbackWaitsForEmptyEventLoop) this.#hold(value);
      else this.#succeed(value);
    };
    this.#declaredAsync = own.isAsyncFunction(handler);
    try {
      const returned = handler(own.parseJson(eventJson), context, callback);
      follow(returned, succeed, fail);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Nothing is left that could complete the run: it is completed now. */
  onEmptyEventLoop() {
    if (this.#state === 'held') {
      this.#state = 'running';
      this.#succeed(this.#heldValue);
    } else if (this.#declaredAsync) this.#fail(new RuntimeError('Runtime.NodeJsExit', NODE_JS_EXIT));
    else this.#succeed(null);
  }

  /**
   * The process is about to exit because of `error`: says so, unless the run has already been completed.
   * @param {unknown} error
   */
  onFatal(error) {
    if (this.#state === 'answered') return;
    if (this.#state !== 'answering') {
      this.#answerType = FRAME.ERROR;
      this.#answerBody = errorToJson(toErrorObject(error));
    }
    this.#send(',"fatal":true');
  }

  /** @param {unknown} value */
  #hold(value) {
    if (this.#state !== 'running') return;
    this.#state = 'held';
    this.#heldValue = value;
  }

  /** @param {unknown} value */
  #succeed(value) {
    if (this.#state !== 'running') return;
    this.#state = 'answering';
    let body;
    try {
      body = own.stringifyJson(value) ?? 'null';
    } catch (error) {
      this.#answerError(unstringifiable(error));
      return;
    }
    const limitBytes = this.#around.start.resultLimitBytes;
    if (body.length * 3 > limitBytes && own.byteLength(body) > limitBytes)
      this.#answerError(tooLarge(limitBytes));
    else this.#answer(FRAME.RESULT, body);
  }

  /** @param {unknown} error */
  #fail(error) {
    if (this.#state !== 'running') return;
    this.#state = 'answering';
    this.#answerError(isGiven(error) ? error : 'handled');
  }

  /** @param {unknown} error */
  #answerError(error) {
    this.#around.lines.printFailure('Invoke Error', error);
    this.#answer(FRAME.ERROR, errorToJson(toErrorObject(error)));
  }

  /**
   * @param {number} type
   * @param {string} body
   */
  #answer(type, body) {
    this.#answerType = type;
    this.#answerBody = body;
    const { output } = this.#around;
    if (output.hasPending()) output.whenWritten(OUTPUT_WAIT_MS, () => this.#send(''));
    else this.#send('');
  }

  /** @param {string} members  further members of the head, as JSON text */
  #send(members) {
    if (this.#state === 'answered') return;
    this.#state = 'answered';
    const { output, onAnswer } = this.#around;
    const counts = `{"stdoutBytes":${output.writtenBytes(1)},"stderrBytes":${output.writtenBytes(2)}`;
    onAnswer(encodeTwoPartFrame(this.#answerType, this.#nonce, `${counts}${members}}`, this.#answerBody));
  }
}
Object.freeze(Invocation.prototype);

/** @param {unknown} error */
function isGiven(error) {
  return error !== undefined && error !== null;
}

/**
 * Completes the run when `returned` settles, if it is thenable. A plain promise is followed with the runtime's own
 * `then`; classes with a `then` of their own may start their work in it.
 * @param {any} returned
 * @param {(value: unknown) => void} succeed
 * @param {(error: unknown) => void} fail
 */
function follow(returned, succeed, fail) {
  if (own.isPromise(returned) && isPlainPromise(returned)) {
    own.promiseThen(returned, succeed, fail);
    return;
  }
  if (!returned?.then || typeof returned.then !== 'function') return;
  const next = returned.then(succeed, fail);
  if (own.isPromise(next) && isPlainPromise(next)) own.promiseThen(next, undefined, fail);
}

/** @param {object} promise */
function isPlainPromise(promise) {
  return own.getPrototypeOf(promise) === own.promisePrototype && !own.hasOwn(promise, 'then');
}

/** @param {any} cause */
function unstringifiable(cause) {
  const { errorType, errorMessage, trace } = toErrorObject(cause);
  const lines = trace.length > 0 ? trace : [`${errorType}: ${errorMessage}`];
  return new RuntimeError('Error', 'Unable to stringify response body', lines);
}

/** @param {number} limitBytes */
function tooLarge(limitBytes) {
  return new RuntimeError(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${limitBytes} bytes).`,
  );
}

module.exports = { Invocation };
