// What a process does that lives for one run: waits for it, loads the user's code, runs it, answers, ends.
// Forked from a template, or started for the purpose where nothing can be forked. Called by template.cjs.
//
//   waiting --INVOKE--> loading --loaded--> running --answered----------------------> end of the process
//                          |                   +--responded--> lingering --loop empty--> ^
//                          +--- can't be loaded: ERROR ----------------------------------+
'use strict';

const { FRAME, NONCE_BYTES, NO_NONCE, splitPayload } = require('../../contract/frames.cjs');
const { Asks } = require('./asks.cjs');
const { conventionOf } = require('./convention.cjs');
const { installGlobals } = require('./globals.cjs');
const { showTrace } = require('./environment.cjs');
const { Invocation } = require('./invocation.cjs');
const { loadFirstModules } = require('./node-variables.cjs');
const own = require('./own-copies.cjs');

/** @typedef {InstanceType<typeof import('./console-lines.cjs').ConsoleLines>} ConsoleLines */
/** @typedef {InstanceType<typeof import('./output-ledger.cjs').OutputLedger>} OutputLedger */

const EXIT_LOAD_ERROR = 1;

/**
 * @typedef {object} SingleRunParts
 * @property {import('../../contract/frames.cjs').StartPayload} start
 * @property {OutputLedger} output
 * @property {ConsoleLines} lines
 * @property {() => void} onBegin   called once, before anything of the user's code runs
 * @property {() => void} exit      ends the process at once
 */

class SingleRun {
  /** @type {'waiting' | 'loading' | 'running' | 'lingering'} */
  #state = 'waiting';
  /** @type {InstanceType<typeof Invocation> | null} */
  #invocation = null;
  #isFatal = false;
  #asks = new Asks();
  #convention;
  #parts;
  #control = /** @type {import('./control-socket.cjs').ControlSocket} */ (/** @type {unknown} */ (undefined));

  /** @param {SingleRunParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#convention = conventionOf(parts.start);
  }

  /** @param {import('./control-socket.cjs').ControlSocket} control */
  attach(control) {
    this.#control = control;
    this.#asks.attach(control);
  }

  /**
   * Goes the way of a run without the user's code, so that the memory which a run writes to is this process's
   * own.
   */
  warmUp() {
    const head = '{"requestId":"","deadlineMs":0,"functionArn":""}';
    const around = { ...this.#parts, convention: this.#convention, onAnswer: () => {} };
    const invocation = new Invocation(own.copyBytes(NO_NONCE, NONCE_BYTES), own.parseJson(head), around);
    /** @type {import('./convention.cjs').Call} */
    const call = (eventJson, _head, { succeed }) => {
      succeed(own.parseJson(eventJson));
      return () => {};
    };
    invocation.start(call, '{"headers":{"a":"b"},"body":"text"}');
  }

  /**
   * @param {number} type
   * @param {Buffer} nonce
   * @param {Buffer} payload
   * @throws when the server breaks the contract
   */
  onFrame(type, nonce, payload) {
    if (type === FRAME.REPLY) {
      this.#asks.onReply(nonce, payload);
      return;
    }
    if (type !== FRAME.INVOKE || this.#state !== 'waiting')
      throw new own.OwnError(`frame of type ${type} while ${this.#state}`);
    const { head, body } = splitPayload(payload);
    const invokeHead = own.parseJson(own.utf8Slice(head, 0, head.length));
    const { lines, onBegin, start, output } = this.#parts;
    lines.requestId = invokeHead.requestId;
    showTrace(invokeHead.traceId);
    const onAnswer = (/** @type {Buffer} */ frame, /** @type {boolean} */ lingers) =>
      this.#onAnswer(frame, lingers);
    const around = { start, convention: this.#convention, output, lines, onAnswer };
    const runNonce = own.copyBytes(nonce, NONCE_BYTES);
    this.#invocation = new Invocation(runNonce, invokeHead, around);
    this.#asks.begin(runNonce);
    this.#state = 'loading';
    this.#control.letGo();
    onBegin();
    void this.#run(own.utf8Slice(body, 0, body.length));
  }

  /** The event loop has nothing left to do; the control socket doesn't count once the run has begun. */
  onEmptyEventLoop() {
    if (this.#state === 'running') this.#invocation?.onEmptyEventLoop();
    else if (this.#state === 'lingering') this.#parts.exit();
    else if (this.#state === 'loading')
      this.#failLoading(new own.OwnError('The module never finished loading'));
  }

  /**
   * Reports to the server what is about to end the process. The caller exits.
   * @param {unknown} error
   * @returns {'ends'}
   */
  onFatal(error) {
    this.#isFatal = true;
    this.#invocation?.onFatal(error);
    return 'ends';
  }

  /**
   * @param {unknown} reason  of an unhandled rejection
   * @returns {unknown} the error that it stands for
   */
  rejection(reason) {
    return this.#convention.rejection(reason);
  }

  /** @param {string} bodyJson */
  async #run(bodyJson) {
    const { start } = this.#parts;
    let call;
    try {
      installGlobals(start.globals, this.#asks);
      await loadFirstModules(start.taskRoot, start.env);
      call = await this.#convention.load(start);
    } catch (error) {
      this.#failLoading(error);
      return;
    }
    // One turn later, so that a promise that the module rejected while it was loaded is still an error of
    // loading.
    own.setImmediate(() => {
      this.#state = 'running';
      this.#invocation?.start(call, bodyJson);
    });
  }

  /** @param {unknown} error */
  #failLoading(error) {
    this.#parts.lines.printFailure('Uncaught Exception', error);
    this.onFatal(error);
    own.exit(EXIT_LOAD_ERROR);
  }

  /**
   * @param {Buffer} frame
   * @param {boolean} lingers  whether the run's work goes on
   */
  #onAnswer(frame, lingers) {
    this.#asks.end();
    this.#control.send(frame);
    if (lingers) {
      this.#state = 'lingering';
      this.#control.letGo();
    } else if (!this.#isFatal) {
      // After a fatal error the user's exit listeners have their turn first.
      this.#parts.exit();
    }
  }
}
Object.freeze(SingleRun.prototype);

module.exports = { SingleRun };
