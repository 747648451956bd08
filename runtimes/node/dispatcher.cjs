// What the runtime does with each frame, and what with the end of its event loop or an error that nobody caught.
// Loading and running are separate steps: a process that is forked between them runs what its parent loaded.
//
//   waiting --START--> loading --loaded--> ready --INVOKE--> running
//                         |                  ^                  |
//                         v                  +----- answered ---+
//                 INIT_ERROR, exit
'use strict';

const { FRAME, NONCE_BYTES, encodeFrame, splitPayload } = require('../../contract/frames.cjs');
const { replaceEnvironment } = require('./environment.cjs');
const { toErrorObject, errorToJson } = require('./error-object.cjs');
const { loadHandler } = require('./handler.cjs');
const { Invocation } = require('./invocation.cjs');
const own = require('./own-copies.cjs');

const EXIT_INIT_ERROR = 1;
const ENGINE = `node ${process.version}`;

class Dispatcher {
  /** @type {'waiting' | 'loading' | 'ready' | 'running'} */
  #state = 'waiting';
  /** @type {Function | null} */
  #handler = null;
  /** @type {Invocation | null} the run in hand */
  #invocation = null;
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
  }

  /**
   * @param {number} type
   * @param {Buffer} nonce
   * @param {Buffer} payload
   * @throws when the server breaks the contract
   */
  onFrame(type, nonce, payload) {
    if (type === FRAME.INVOKE && this.#state === 'ready') this.#invoke(nonce, payload);
    else if (type === FRAME.START && this.#state === 'waiting') void this.#load(nonce, parse(payload));
    else throw new own.OwnError(`frame of type ${type} while ${this.#state}`);
  }

  /** The event loop has nothing left to do; the control socket doesn't count while a run is in hand or code is loaded. */
  onEmptyEventLoop() {
    if (this.#invocation !== null) this.#invocation.onEmptyEventLoop();
    else if (this.#state === 'loading')
      this.#failLoading(new own.OwnError('The module never finished loading'));
  }

  /**
   * Tells the server what is about to end the process. The caller exits.
   * @param {unknown} error
   */
  onFatal(error) {
    if (this.#invocation !== null) this.#invocation.onFatal(error);
    else if (this.#state === 'loading') this.#sendInitError(error);
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
      replaceEnvironment(start.env);
      process.chdir(start.taskRoot);
      this.#handler = await loadHandler(start.taskRoot, start.handler);
    } catch (error) {
      this.#failLoading(error);
      return;
    }
    this.#around = {
      start,
      output: this.#output,
      lines: this.#lines,
      onAnswer: (frame) => this.#onAnswer(frame),
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
    const json = errorToJson(toErrorObject(error));
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
    this.#invocation = new Invocation(own.copyBytes(nonce, NONCE_BYTES), invokeHead, this.#around);
    this.#invocation.start(this.#handler, own.utf8Slice(body, 0, body.length));
  }

  /** @param {Buffer} frame */
  #onAnswer(frame) {
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
