// Questions of the user's code to the server: what `global` functions that START lists are made of. Sends
// them with the run's nonce, a few at a time, and hands each answer to its callback or promise. Never knows
// what a question means.
'use strict';

const {
  ASK_LIMIT_BYTES,
  FRAME,
  MOST_ASKS_IN_FLIGHT,
  encodeTwoPartFrame,
  splitPayload,
} = require('../../contract/frames.cjs');
const own = require('./own-copies.cjs');

/**
 * @typedef {(error: Error | null, result?: unknown) => void} AskCallback
 * @typedef {(work: () => void) => void} Later
 * @typedef {{ name: string, argsJson: string, sizeBytes: number, callback: AskCallback, later: Later }}
 * Question
 */

class Asks {
  #control = /** @type {import('./control-socket.cjs').ControlSocket} */ (/** @type {unknown} */ (undefined));
  /** @type {Buffer | null} of the run in hand */
  #nonce = null;
  #lastId = 0;
  #inFlight = 0;
  #inFlightBytes = 0;
  /** @type {Record<number, Question>} */
  #asked = emptyRecord();
  /** @type {Record<number, Question>} held back, by the order in which they came */
  #held = emptyRecord();
  #firstHeld = 0;
  #behindHeld = 0;
  #refusal;

  /** @param {string} refusal  the answer to a question while there is no run to ask for */
  constructor(refusal = 'the run has ended: nothing can be asked for any more') {
    this.#refusal = refusal;
  }

  /** @param {import('./control-socket.cjs').ControlSocket} control  where frames go from now on */
  attach(control) {
    this.#control = control;
  }

  /** @param {Buffer} nonce  of the run that begins; a run that has ended can't be asked for any more */
  begin(nonce) {
    this.#nonce = nonce;
  }

  /** The run has been answered: what is still unanswered stays so. */
  end() {
    this.#nonce = null;
    this.#inFlight = 0;
    this.#inFlightBytes = 0;
    this.#asked = emptyRecord();
    this.#held = emptyRecord();
    this.#firstHeld = this.#behindHeld;
  }

  /**
   * @param {string} name
   * @param {unknown[]} args   a function at their end is the callback
   * @returns {Promise<unknown> | undefined} a promise where there is no callback
   */
  ask(name, args) {
    const last = args[args.length - 1];
    if (typeof last === 'function') {
      args.length -= 1;
      this.#put(name, args, /** @type {AskCallback} */ (last));
      return undefined;
    }
    return new Promise((resolve, reject) => {
      this.#put(name, args, (error, result) => (error === null ? resolve(result) : reject(error)));
    });
  }

  /**
   * @param {Buffer} nonce
   * @param {Buffer} payload  of a REPLY
   */
  onReply(nonce, payload) {
    const { head, body } = splitPayload(payload);
    const { id, ok } = own.parseJson(own.utf8Slice(head, 0, head.length));
    const question = this.#asked[id];
    // The run that asked is over.
    if (question === undefined || !isSame(nonce, this.#nonce)) return;
    delete this.#asked[id];
    this.#inFlight -= 1;
    this.#inFlightBytes -= question.sizeBytes;
    const said = own.parseJson(own.utf8Slice(body, 0, body.length));
    answer(question, ok ? null : askError(said), ok ? said : undefined);
    this.#sendHeld();
    if (this.#inFlight === 0) this.#control.letGo();
  }

  /**
   * @param {string} name
   * @param {unknown[]} args
   * @param {AskCallback} callback
   */
  #put(name, args, callback) {
    const asker = { callback, later: own.laterInThisContext() };
    if (this.#nonce === null) {
      const message = this.#refusal;
      answer(asker, askError({ code: 'run_ended', message }), undefined);
      return;
    }
    let argsJson;
    try {
      argsJson = own.stringifyJson(args);
    } catch (error) {
      answer(asker, error, undefined);
      return;
    }
    const sizeBytes = own.byteLength(argsJson);
    if (sizeBytes > ASK_LIMIT_BYTES) {
      const message = `the arguments are larger than ${ASK_LIMIT_BYTES} bytes of JSON`;
      answer(asker, askError({ code: 'payload_too_large', message }), undefined);
      return;
    }
    this.#held[this.#behindHeld] = { name, argsJson, sizeBytes, ...asker };
    this.#behindHeld += 1;
    this.#sendHeld();
  }

  #sendHeld() {
    while (this.#inFlight < MOST_ASKS_IN_FLIGHT && this.#firstHeld < this.#behindHeld) {
      const question = this.#held[this.#firstHeld];
      if (this.#inFlightBytes + question.sizeBytes > ASK_LIMIT_BYTES) return;
      delete this.#held[this.#firstHeld];
      this.#firstHeld += 1;
      this.#send(question);
    }
  }

  /** @param {Question} question */
  #send(question) {
    this.#lastId += 1;
    this.#inFlight += 1;
    this.#inFlightBytes += question.sizeBytes;
    this.#asked[this.#lastId] = question;
    const head = `{"id":${this.#lastId},"name":${own.stringifyJson(question.name)}}`;
    this.#control.keepAlive();
    const nonce = /** @type {Buffer} */ (this.#nonce);
    this.#control.send(encodeTwoPartFrame(FRAME.ASK, nonce, head, question.argsJson));
  }
}
Object.freeze(Asks.prototype);

/** @returns {any} without a prototype that other code could have put something on */
function emptyRecord() {
  return { __proto__: null };
}

/**
 * In a turn of its own, so that what the callback throws is nobody's error but the user's; in the context
 * that asked.
 * @param {{ callback: AskCallback, later: Later }} asker
 * @param {any} error
 * @param {unknown} result
 */
function answer({ callback, later }, error, result) {
  later(() => callback(error, result));
}

/** @param {import('../../contract/frames.cjs').AskError} said */
function askError({ code, message }) {
  const error = new own.OwnError(message);
  own.defineProperty(error, 'code', { value: code, configurable: true, enumerable: true, writable: true });
  return error;
}

/**
 * @param {Buffer} nonce
 * @param {Buffer | null} other
 */
function isSame(nonce, other) {
  if (other === null) return false;
  for (let i = 0; i < nonce.length; i++) if (nonce[i] !== other[i]) return false;
  return true;
}

module.exports = { Asks };
