// What a process does that lives for one run: waits for it, loads the user's code, runs it, answers, ends. Forked from
// a template, or started for the purpose where nothing can be forked. Called by template.cjs.
//
//   waiting --INVOKE--> loading --loaded--> running --answered--> end of the process
//                          |                                          ^
//                          +--- can't be loaded: ERROR ---------------+
'use strict';

const { FRAME, NONCE_BYTES, NO_NONCE, splitPayload } = require('../../contract/frames.cjs');
const { loadHandler } = require('./handler.cjs');
const { Invocation } = require('./invocation.cjs');
const own = require('./own-copies.cjs');

const EXIT_LOAD_ERROR = 1;

/**
 * @typedef {object} SingleRunParts
 * @property {import('../../contract/frames.cjs').StartPayload} start
 * @property {import('./output-ledger.cjs').OutputLedger} output
 * @property {import('./console-lines.cjs').ConsoleLines} lines
 * @property {() => void} onBegin   called once, before anything of the user's code runs
 * @property {() => void} exit      ends the process at once
 */

class SingleRun {
  /** @type {'waiting' | 'loading' | 'running'} */
  #state = 'waiting';
  /** @type {Invocation | null} */
  #invocation = null;
  #isFatal = false;
  #parts;
  /** @type {import('./control-socket.cjs').ControlSocket} */
  #control;

  /** @param {SingleRunParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param {import('./control-socket.cjs').ControlSocket} control */
  attach(control) {
    this.#control = control;
  }

  /** Goes the way of a run without the user's code, so that the memory which a run writes to is this process's own. */
  warmUp() {
    const head = '{"requestId":"","deadlineMs":0,"functionArn":""}';
    const around = { ...this.#parts, onAnswer: () => {} };
    const invocation = new Invocation(own.copyBytes(NO_NONCE, NONCE_BYTES), own.parseJson(head), around);
    invocation.start((event, context) => context.succeed(event), '{"headers":{"a":"b"},"body":"text"}');
  }

  /**
   * @param {number} type
   * @param {Buffer} nonce
   * @param {Buffer} payload
   * @throws when the server breaks the contract
   */
  onFrame(type, nonce, payload) {
    if (type !== FRAME.INVOKE || this.#state !== 'waiting')
      throw new own.OwnError(`frame of type ${type} while ${this.#state}`);
    const { head, body } = splitPayload(payload);
    const invokeHead = own.parseJson(own.utf8Slice(head, 0, head.length));
    const { lines, onBegin, start, output } = this.#parts;
    lines.requestId = invokeHead.requestId;
    const onAnswer = (frame) => this.#onAnswer(frame);
    const around = { start, output, lines, onAnswer };
    this.#invocation = new Invocation(own.copyBytes(nonce, NONCE_BYTES), invokeHead, around);
    this.#state = 'loading';
    this.#control.letGo();
    onBegin();
    void this.#run(own.utf8Slice(body, 0, body.length));
  }

  /** The event loop has nothing left to do; the control socket doesn't count once the run has begun. */
  onEmptyEventLoop() {
    if (this.#state === 'running') this.#invocation.onEmptyEventLoop();
    else if (this.#state === 'loading')
      this.#failLoading(new own.OwnError('The module never finished loading'));
  }

  /**
   * Tells the server what is about to end the process. The caller exits.
   * @param {unknown} error
   */
  onFatal(error) {
    this.#isFatal = true;
    this.#invocation?.onFatal(error);
  }

  /** @param {string} eventJson */
  async #run(eventJson) {
    const { start } = this.#parts;
    let handler;
    try {
      handler = await loadHandler(start.taskRoot, start.handler);
    } catch (error) {
      this.#failLoading(error);
      return;
    }
    // One turn later, so that a promise that the module rejected while it was loaded is still an error of loading.
    own.setImmediate(() => {
      this.#state = 'running';
      this.#invocation.start(handler, eventJson);
    });
  }

  /** @param {unknown} error */
  #failLoading(error) {
    this.#parts.lines.printFailure('Uncaught Exception', error);
    this.onFatal(error);
    own.exit(EXIT_LOAD_ERROR);
  }

  /** @param {Buffer} frame */
  #onAnswer(frame) {
    this.#control.send(frame);
    // After a fatal error the user's exit listeners have their turn first.
    if (!this.#isFatal) this.#parts.exit();
  }
}
Object.freeze(SingleRun.prototype);

module.exports = { SingleRun };
