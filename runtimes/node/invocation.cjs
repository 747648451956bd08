// One run: takes the first completion that the convention reports, and sends it once. Created and started by
// the dispatcher; never loads code, never exits, and knows no convention's rules.
//
//   running --succeed, respond, fail--> answering --end of the turn, all output written--> answered
'use strict';

const { FRAME, encodeTwoPartFrame } = require('../../contract/frames.cjs');
const { RuntimeError, errorToJson } = require('./error-object.cjs');
const own = require('./own-copies.cjs');

/** @typedef {InstanceType<typeof import('./console-lines.cjs').ConsoleLines>} ConsoleLines */
/** @typedef {InstanceType<typeof import('./output-ledger.cjs').OutputLedger>} OutputLedger */

/** How long an outcome waits for stdout that the server is slow to read. */
const OUTPUT_WAIT_MS = 2000;

/**
 * @typedef {object} Surroundings   what an invocation needs of the process; where runs overlap, each has its
 * own
 * @property {import('../../contract/frames.cjs').StartPayload} start
 * @property {import('./convention.cjs').Convention} convention
 * @property {Pick<OutputLedger, 'hasPending' | 'whenWritten' | 'writtenBytes' | 'droppedBytes'>} output
 * @property {Pick<ConsoleLines, 'printFailure'>} lines
 * @property {(frame: Buffer, lingers: boolean) => void} onAnswer   called once with the frame to send
 */

class Invocation {
  /** @type {'running' | 'answering' | 'answered'} */
  #state = 'running';
  #completeEmpty = /** @type {() => void} */ (/** @type {unknown} */ (undefined));
  #lingers = false;
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
   * @param {import('./convention.cjs').Call} call
   * @param {string} bodyJson
   */
  start(call, bodyJson) {
    this.#completeEmpty = call(bodyJson, this.#head, {
      succeed: (value) => this.#succeed(value),
      respond: (value) => this.#respond(value),
      fail: (error) => this.#fail(error),
    });
  }

  /** Nothing is left that could complete the run: it is completed now. */
  onEmptyEventLoop() {
    if (this.#state === 'running') this.#completeEmpty();
  }

  /**
   * The process is about to exit because of `error`: says so, unless the run has already been completed.
   * @param {unknown} error
   */
  onFatal(error) {
    this.#endBy(error, ',"fatal":true');
  }

  /**
   * The run ends because of `error`, and the process doesn't.
   * @param {unknown} error
   */
  endBy(error) {
    this.#endBy(error, '');
  }

  /**
   * @param {unknown} error
   * @param {string} members  further members of the head, as JSON text
   */
  #endBy(error, members) {
    if (this.#state === 'answered') return;
    if (this.#state !== 'answering') {
      this.#answerType = FRAME.ERROR;
      this.#answerBody = this.#describe(error);
    }
    this.#lingers = false;
    this.#send(members);
  }

  /** @returns {Buffer} the frame that says that nothing is left of the run */
  idleFrame() {
    return encodeTwoPartFrame(FRAME.IDLE, this.#nonce, `${this.#counts()}}`, '');
  }

  /** @param {unknown} value */
  #respond(value) {
    if (this.#state !== 'running') return;
    this.#lingers = true;
    this.#succeed(value);
  }

  /** @param {unknown} value */
  #succeed(value) {
    if (this.#state !== 'running') return;
    this.#state = 'answering';
    let body;
    try {
      body = own.stringifyJson(value) ?? 'null';
    } catch (error) {
      this.#answerError(this.#around.convention.unstringifiable(error));
      return;
    }
    const limitBytes = this.#around.start.resultLimitBytes;
    if (body.length * 3 > limitBytes && own.byteLength(body) > limitBytes)
      this.#answerError(tooLarge(limitBytes));
    else this.#answer(FRAME.RESULT, body);
  }

  /** @param {unknown} error */
  #fail(error) {
    if (this.#state === 'running') {
      this.#state = 'answering';
      this.#answerError(error);
    } else if (this.#lingers) {
      // Only the log is left.
      this.#around.lines.printFailure('Invoke Error', error);
    }
  }

  /** @param {unknown} error */
  #answerError(error) {
    this.#lingers = false;
    this.#around.lines.printFailure('Invoke Error', error);
    this.#answer(FRAME.ERROR, this.#describe(error));
  }

  /** @param {unknown} error */
  #describe(error) {
    return errorToJson(this.#around.convention.describe(error));
  }

  /**
   * @param {number} type
   * @param {string} body
   */
  #answer(type, body) {
    this.#answerType = type;
    this.#answerBody = body;
    if (this.#around.convention.endsWithTurn) own.setImmediate(() => this.#sendWhenWritten());
    else this.#sendWhenWritten();
  }

  #sendWhenWritten() {
    const { output } = this.#around;
    if (output.hasPending()) output.whenWritten(OUTPUT_WAIT_MS, () => this.#send(''));
    else this.#send('');
  }

  /** @param {string} members  further members of the head, as JSON text */
  #send(members) {
    if (this.#state === 'answered') return;
    this.#state = 'answered';
    const head = `${this.#counts()}${this.#lingers ? ',"lingers":true' : ''}${members}}`;
    const frame = encodeTwoPartFrame(this.#answerType, this.#nonce, head, this.#answerBody);
    this.#around.onAnswer(frame, this.#lingers);
  }

  /** @returns {string} JSON of an outcome's head, without its closing brace */
  #counts() {
    const { output } = this.#around;
    const dropped = output.droppedBytes > 0 ? `,"droppedBytes":${output.droppedBytes}` : '';
    return `{"stdoutBytes":${output.writtenBytes(1)},"stderrBytes":${output.writtenBytes(2)}${dropped}`;
  }
}
Object.freeze(Invocation.prototype);

/** @param {number} limitBytes */
function tooLarge(limitBytes) {
  return new RuntimeError(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${limitBytes} bytes).`,
  );
}

module.exports = { Invocation };
