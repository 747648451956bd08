// What the runtime does with each frame, and what with the end of its event loop or an uncaught error. Loads
// the user's code; its runs are kept by runs-in-turn.cjs, or by overlapping-runs.cjs where START allows
// several at a time.
//
//   waiting --START--> loading --loaded--> ready, for the life of the process
//                         |
//                         v
//                 INIT_ERROR, exit
'use strict';

const { FRAME, NONCE_BYTES, encodeFrame } = require('../../contract/frames.cjs');
const { conventionOf } = require('./convention.cjs');
const { replaceEnvironment } = require('./environment.cjs');
const { toErrorObject, errorToJson } = require('./error-object.cjs');
const { installGlobals } = require('./globals.cjs');
const { loadFirstModules } = require('./node-variables.cjs');
const { OverlappingRuns } = require('./overlapping-runs.cjs');
const own = require('./own-copies.cjs');
const { RunsInTurn } = require('./runs-in-turn.cjs');

/** @typedef {InstanceType<typeof import('./console-lines.cjs').ConsoleLines>} ConsoleLines */
/** @typedef {InstanceType<typeof import('./output-ledger.cjs').OutputLedger>} OutputLedger */

const EXIT_INIT_ERROR = 1;
const ENGINE = `node ${process.version}`;

class Dispatcher {
  /** @type {'waiting' | 'loading' | 'ready'} */
  #state = 'waiting';
  /** @type {import('./convention.cjs').Convention | null} */
  #convention = null;
  /** @type {InstanceType<typeof RunsInTurn> | InstanceType<typeof OverlappingRuns> | null} */
  #runs = null;
  /** Of START, for frames about the sandbox itself. */
  #nonce = /** @type {Buffer} */ (/** @type {unknown} */ (undefined));
  #control = /** @type {import('./control-socket.cjs').ControlSocket} */ (/** @type {unknown} */ (undefined));
  #output;
  #lines;

  /**
   * @param {OutputLedger} output
   * @param {ConsoleLines} lines
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
    const runs = this.#runs;
    if (type === FRAME.INVOKE && runs !== null && runs.isFree) runs.invoke(nonce, payload);
    else if (type === FRAME.REPLY && runs !== null) runs.onReply(nonce, payload);
    else if (type === FRAME.START && this.#state === 'waiting') void this.#load(nonce, parse(payload));
    else throw new own.OwnError(`frame of type ${type} while ${this.#state}`);
  }

  /**
   * The event loop has nothing left to do; the control socket doesn't count while a run is in hand or code is
   * loaded.
   */
  onEmptyEventLoop() {
    if (this.#state === 'ready') this.#runs?.onEmptyEventLoop();
    else if (this.#state === 'loading')
      this.#failLoading(new own.OwnError('The module never finished loading'));
  }

  /**
   * Reports to the server what nobody has caught. The caller exits where the process ends by it.
   * @param {unknown} error
   * @returns {'ends' | 'goes on'}
   */
  onFatal(error) {
    if (this.#state === 'ready' && this.#runs !== null) return this.#runs.onFatal(error);
    if (this.#state === 'loading') this.#sendInitError(error);
    return 'ends';
  }

  /**
   * @param {unknown} reason  of an unhandled rejection
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
    let call;
    try {
      this.#convention = conventionOf(start);
      this.#runs = this.#runsOf(start, this.#convention);
      process.chdir(start.taskRoot);
      replaceEnvironment(start.env);
      installGlobals(start.globals, this.#runs.asks);
      await loadFirstModules(start.taskRoot, start.env);
      call = await this.#convention.load(start);
    } catch (error) {
      this.#failLoading(error);
      return;
    }
    // One turn later, so that a promise that the module rejected while it was loaded is still an error of
    // loading.
    own.setImmediate(() => this.#becomeReady(call));
  }

  /**
   * @param {import('../../contract/frames.cjs').StartPayload} start
   * @param {import('./convention.cjs').Convention} convention
   */
  #runsOf(start, convention) {
    const parts = { start, convention, output: this.#output, lines: this.#lines, control: this.#control };
    const Runs = (start.concurrency ?? 1) > 1 ? OverlappingRuns : RunsInTurn;
    return new Runs({ ...parts, nonce: this.#nonce });
  }

  /** @param {import('./convention.cjs').Call} call */
  #becomeReady(call) {
    this.#state = 'ready';
    this.#runs?.open(call);
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
