// What the runtime does with each frame, and what with the end of its event loop or an error that nobody caught.
// Loading and running are separate steps: a process that is forked between them runs what its parent loaded.
//
//   waiting --START--> loading --loaded--> ready --INVOKE--> running <--INVOKE--+
//                         |                  ^                  |               |
//                         v                  +----- answered ---+- responded -> lingering
//                 INIT_ERROR, exit           +------------- event loop empty: IDLE --+
'use strict';

const { FRAME, NONCE_BYTES, encodeFrame, splitPayload } = require('../../contract/frames.cjs');
const { Asks } = require('./asks.cjs');
const { conventionOf } = require('./convention.cjs');
const { replaceEnvironment } = require('./environment.cjs');
const { toErrorObject, errorToJson } = require('./error-object.cjs');
const { installGlobals } = require('./globals.cjs');
const { Invocation } = require('./invocation.cjs');
const own = require('./own-copies.cjs');

const EXIT_INIT_ERROR = 1;
const ENGINE = `node ${process.version}`;

class Dispatcher {
  /** @type {'waiting' | 'loading' | 'ready' | 'running' | 'lingering'} */
  #state = 'waiting';
  /** @type {import('./convention.cjs').Convention | null} */
  #convention = null;
  /** @type {import('./convention.cjs').Call | null} */
  #call = null;
  /** @type {Invocation | null} the run in hand, and the one that lingers */
  #invocation = null;
  #asks = new Asks();
  /** @type {import('./invocation.cjs').Surroundings | null} */
  #around = null;
  /** @type {Buffer} of START, for frames about the sandbox itself */
  #nonce;
  /** @type {import('./control-socket.cjs').ControlSocket} */
  #control;
  #output;
  #lines;

  /**
   * @param {import('./output-ledger.cjs').OutputLedger} output
   * @param {import('./console-lines.cjs').ConsoleLines} lines
   */
  constructor(output, lines) {
    this.#output = output;
    this.#lines = lines;
  }

  /** @param {import('./control-socket.cjs').ControlSocket} control  where frames go from now on */
  attach(control) {
    this.#control = control;
    this.#asks.attach(control);
  }

  /**
   * @param {number} type
   * @param {Buffer} nonce
   * @param {Buffer} payload
   * @throws when the server breaks the contract
   */
  onFrame(type, nonce, payload) {
    const isFree = this.#state === 'ready' || this.#state === 'lingering';
    if (type === FRAME.INVOKE && isFree) this.#invoke(nonce, payload);
    else if (type === FRAME.REPLY) this.#asks.onReply(nonce, payload);
    else if (type === FRAME.START && this.#state === 'waiting') void this.#load(nonce, parse(payload));
    else throw new own.OwnError(`frame of type ${type} while ${this.#state}`);
  }

  /** The event loop has nothing left to do; the control socket doesn't count while a run is in hand or code is loaded. */
  onEmptyEventLoop() {
    if (this.#state === 'running') this.#invocation.onEmptyEventLoop();
    else if (this.#state === 'lingering') this.#becomeIdle();
    else if (this.#state === 'loading')
      this.#failLoading(new own.OwnError('The module never finished loading'));
  }

  /**
   * Tells the server what is about to end the process. The caller exits.
   * @param {unknown} error
   */
  onFatal(error) {
    if (this.#state === 'running') this.#invocation.onFatal(error);
    else if (this.#state === 'loading') this.#sendInitError(error);
  }

  /**
   * @param {unknown} reason  of a rejection that nobody handled
   * @returns {unknown} the error that it stands for
   */
  rejection(reason) {
    return this.#convention === null ? reason : this.#convention.rejection(reason);
  }

  /**
   * @param {Buffer} nonce
   * @param {import('../../contract/frames.cjs').StartPayload} start
   */
  async #load(nonce, start) {
    this.#state = 'loading';
    this.#nonce = own.copyBytes(nonce, NONCE_BYTES);
    this.#control.letGo();
    try {
      this.#convention = conventionOf(start);
      replaceEnvironment(start.env);
      process.chdir(start.taskRoot);
      installGlobals(start.globals, this.#asks);
      this.#call = await this.#convention.load(start);
    } catch (error) {
      this.#failLoading(error);
      return;
    }
    this.#around = {
      start,
      convention: this.#convention,
      output: this.#output,
      lines: this.#lines,
      onAnswer: (frame, lingers) => this.#onAnswer(frame, lingers),
    };
    // One turn later, so that a promise that the module rejected while it was loaded is still an error of loading.
    own.setImmediate(() => this.#becomeReady());
  }

  #becomeReady() {
    this.#state = 'ready';
    this.#control.keepAlive();
    const ready = `{"engine":${own.stringifyJson(ENGINE)}}`;
    this.#control.send(encodeFrame(FRAME.READY, this.#nonce, own.bytesOfText(ready)));
  }

  /** @param {unknown} error */
  #failLoading(error) {
    this.#lines.printFailure('Uncaught Exception', error);
    this.#sendInitError(error);
    own.exit(EXIT_INIT_ERROR);
  }

  /** @param {unknown} error */
  #sendInitError(error) {
    const json = errorToJson(
      this.#convention === null ? toErrorObject(error) : this.#convention.describe(error),
    );
    this.#control.send(encodeFrame(FRAME.INIT_ERROR, this.#nonce, own.bytesOfText(json)));
  }

  /**
   * @param {Buffer} nonce
   * @param {Buffer} payload
   */
  #invoke(nonce, payload) {
    const { head, body } = splitPayload(payload);
    const invokeHead = parse(head);
    this.#state = 'running';
    this.#control.letGo();
    this.#lines.requestId = invokeHead.requestId;
    const runNonce = own.copyBytes(nonce, NONCE_BYTES);
    this.#asks.begin(runNonce);
    this.#invocation = new Invocation(runNonce, invokeHead, this.#around);
    this.#invocation.start(this.#call, own.utf8Slice(body, 0, body.length));
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
    const frame = this.#invocation.idleFrame();
    this.#state = 'ready';
    this.#invocation = null;
    this.#control.keepAlive();
    this.#control.send(frame);
  }
}
Object.freeze(Dispatcher.prototype);

/**
 * @param {Buffer} json
 * @returns {any}
 */
function parse(json) {
  return own.parseJson(own.utf8Slice(json, 0, json.length));
}

module.exports = { Dispatcher };
