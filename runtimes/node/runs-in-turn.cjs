// The runs of a process that has one at a time in hand. Created by the dispatcher, which loads the code;
// knows when the control socket keeps the process alive: while it waits for a run, and not while a run is in
// hand.
//
//   loading --open()--> ready --INVOKE--> running <--INVOKE--+
//                         ^                  |               |
//                         +----- answered ---+- responded -> lingering
//                         +------------- event loop empty: IDLE --+
'use strict';

const { NONCE_BYTES, splitPayload } = require('../../contract/frames.cjs');
const { Asks } = require('./asks.cjs');
const { showTrace } = require('./environment.cjs');
const { Invocation } = require('./invocation.cjs');
const own = require('./own-copies.cjs');

/** @typedef {InstanceType<typeof import('./console-lines.cjs').ConsoleLines>} ConsoleLines */
/** @typedef {InstanceType<typeof import('./output-ledger.cjs').OutputLedger>} OutputLedger */

/**
 * @typedef {object} RunParts   what the runs of a process share
 * @property {import('../../contract/frames.cjs').StartPayload} start
 * @property {import('./convention.cjs').Convention} convention
 * @property {OutputLedger} output
 * @property {ConsoleLines} lines
 * @property {import('./control-socket.cjs').ControlSocket} control
 * @property {Buffer} nonce   of START
 */

class RunsInTurn {
  /** @type {'loading' | 'ready' | 'running' | 'lingering'} */
  #state = 'loading';
  #call = /** @type {import('./convention.cjs').Call} */ (/** @type {unknown} */ (undefined));
  /** @type {InstanceType<typeof Invocation> | null} the run in hand, and the one that lingers */
  #invocation = null;
  #asks = new Asks();
  /** @type {import('./invocation.cjs').Surroundings} */
  #around;
  #control;
  #lines;

  /** @param {RunParts} parts */
  constructor({ start, convention, output, lines, control }) {
    const onAnswer = (/** @type {Buffer} */ frame, /** @type {boolean} */ lingers) =>
      this.#onAnswer(frame, lingers);
    this.#around = { start, convention, output, lines, onAnswer };
    this.#control = control;
    this.#lines = lines;
    this.#asks.attach(control);
  }

  /** What the user's code asks the server with. */
  get asks() {
    return this.#asks;
  }

  /** @param {import('./convention.cjs').Call} call  the loaded code: runs may come now */
  open(call) {
    this.#call = call;
    this.#state = 'ready';
    this.#control.keepAlive();
  }

  get isFree() {
    return this.#state === 'ready' || this.#state === 'lingering';
  }

  /**
   * @param {Buffer} nonce
   * @param {Buffer} payload  of INVOKE
   */
  invoke(nonce, payload) {
    const { head, body } = splitPayload(payload);
    const invokeHead = own.parseJson(own.utf8Slice(head, 0, head.length));
    this.#state = 'running';
    this.#control.letGo();
    this.#lines.requestId = invokeHead.requestId;
    showTrace(invokeHead.traceId);
    const runNonce = own.copyBytes(nonce, NONCE_BYTES);
    this.#asks.begin(runNonce);
    this.#invocation = new Invocation(runNonce, invokeHead, this.#around);
    this.#invocation.start(this.#call, own.utf8Slice(body, 0, body.length));
  }

  /**
   * @param {Buffer} nonce
   * @param {Buffer} payload  of REPLY
   */
  onReply(nonce, payload) {
    this.#asks.onReply(nonce, payload);
  }

  onEmptyEventLoop() {
    if (this.#state === 'running') this.#invocation?.onEmptyEventLoop();
    else if (this.#state === 'lingering') this.#becomeIdle();
  }

  /**
   * @param {unknown} error  that ends the process
   * @returns {'ends'}
   */
  onFatal(error) {
    if (this.#state === 'running') this.#invocation?.onFatal(error);
    return 'ends';
  }

  /**
   * @param {Buffer} frame
   * @param {boolean} lingers  whether the run's work goes on
   */
  #onAnswer(frame, lingers) {
    this.#asks.end();
    if (lingers) {
      this.#state = 'lingering';
      this.#control.letGo();
    } else {
      this.#state = 'ready';
      this.#invocation = null;
      this.#control.keepAlive();
    }
    this.#control.send(frame);
  }

  #becomeIdle() {
    const frame = /** @type {InstanceType<typeof Invocation>} */ (this.#invocation).idleFrame();
    this.#state = 'ready';
    this.#invocation = null;
    this.#control.keepAlive();
    this.#control.send(frame);
  }
}
Object.freeze(RunsInTurn.prototype);

module.exports = { RunsInTurn };
