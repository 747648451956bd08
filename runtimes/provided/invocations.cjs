// The invocations of a program, one at a time, and what it may say when (docs/specs/lambda.md section 2).
// Knows frames and no HTTP.
//
//   init --next()--> idle --INVOKE--> running --respond(), fail()--> answered --next()--> idle ...
//     +--failInit()--> the process ends
'use strict';

const { FRAME, encodeTwoPartFrame, splitPayload } = require('../../contract/frames.cjs');
const { httpResponseOf } = require('./streamed-response.cjs');

/** @typedef {InstanceType<typeof import('./control-socket.cjs').ControlSocket>} ControlSocket */
/** @typedef {InstanceType<typeof import('./program.cjs').Program>} Program */

/**
 * @typedef {object} Invocation
 * @property {string} requestId
 * @property {string} [traceId]
 * @property {number} deadlineMs
 * @property {string} functionArn
 * @property {Buffer} event
 *
 * @typedef {object} ErrorObject
 * @property {string} errorType
 * @property {string} errorMessage
 *
 * @typedef {object} InvocationParts
 * @property {ControlSocket} control
 * @property {Program} program
 * @property {import('../../contract/frames.cjs').StartPayload} settings
 * @property {() => void} onReady
 * @property {(error: ErrorObject) => void} onInitError
 */

/** What the API answers in place of 202. */
class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} type
   * @param {string} message
   */
  constructor(status, type, message) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

class Invocations {
  /** @type {'init' | 'idle' | 'running' | 'answered'} */
  #state = 'init';
  #requestId = '';
  #nonce = Buffer.alloc(0);
  /** How often an invocation was asked for. */
  #asked = 0;
  #parts;

  /** @param {InvocationParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  get limitBytes() {
    return this.#parts.settings.resultLimitBytes;
  }

  /** @returns {Promise<Invocation>} @throws {Refusal} in the middle of another */
  async next() {
    if (this.#state === 'running' || this.#state === 'idle') throw this.#forbidden('Ready');
    const isFirst = this.#state === 'init';
    this.#state = 'idle';
    this.#asked += 1;
    if (isFirst) this.#parts.onReady();
    const { type, nonce, payload } = await this.#parts.control.next();
    if (type !== FRAME.INVOKE) this.#parts.control.breaks(`frame of type ${type} in place of INVOKE`);
    const { head, body } = splitPayload(payload);
    const { requestId, deadlineMs, functionArn, traceId } = JSON.parse(head.toString());
    this.#state = 'running';
    this.#requestId = requestId;
    this.#nonce = Buffer.from(nonce);
    return { requestId, deadlineMs, functionArn, traceId, event: body };
  }

  get asked() {
    return this.#asked;
  }

  /**
   * @param {number} asked  the question that is given up: if nothing has come of it, it may be asked again
   */
  giveUp(asked) {
    if (this.#state !== 'idle' || asked !== this.#asked) return;
    this.#parts.control.stopWaiting();
    this.#state = 'answered';
  }

  /**
   * @param {string} requestId
   * @param {string} to
   * @throws {Refusal} where the invocation of this id is not in hand
   */
  require(requestId, to) {
    if (this.#state !== 'running') throw this.#forbidden(to);
    if (requestId !== this.#requestId) throw new Refusal(400, 'InvalidRequestID', 'Invalid request ID');
  }

  /**
   * @param {Buffer} body
   * @param {boolean} isHttp  whether it begins with status and headers, as streamed responses may
   */
  async respond(body, isHttp) {
    const result = isHttp ? Buffer.from(JSON.stringify(httpResponseOf(body))) : body;
    if (isHttp && result.length > this.limitBytes) return await this.tooLarge();
    if (isJson(result)) return await this.#answer(FRAME.RESULT, result);
    await this.fail({ errorType: 'Function.ResponseNotJson', errorMessage: 'The response is not JSON.' });
  }

  async tooLarge() {
    await this.fail({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${this.limitBytes} bytes).`,
    });
  }

  /** @param {ErrorObject} error  as the program says it */
  async fail(error) {
    await this.#answer(FRAME.ERROR, Buffer.from(JSON.stringify(error)));
  }

  /** @param {ErrorObject} error @throws {Refusal} once it has been ready */
  failInit(error) {
    if (this.#state !== 'init') throw this.#forbidden('InitError');
    this.#parts.onInitError(error);
  }

  /**
   * @param {number} type
   * @param {Buffer} body
   */
  async #answer(type, body) {
    this.#state = 'answered';
    const { control, program } = this.#parts;
    await program.printed();
    control.send(encodeTwoPartFrame(type, this.#nonce, program.counts(), body.toString()));
  }

  /** @param {string} to */
  #forbidden(to) {
    const from = { init: 'Init', idle: 'Ready', running: 'Running', answered: 'ResponseSent' }[this.#state];
    const message = `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`;
    return new Refusal(403, 'InvalidStateTransition', message);
  }
}

/** @param {Buffer} bytes */
function isJson(bytes) {
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

module.exports = { Invocations, Refusal };
