// The runs of a process that has several in hand at a time (`concurrency` of START). Whatever is one run's is
// found by the asynchronous context of the code that is running. Created by the dispatcher, which loads the
// code.
//
// An uncaught error ends the run that it came from; the others go on, and no further ones come (DRAIN): what
// state the module is in, nobody knows. One that belongs to no run ends the process, and every run with it.
'use strict';

const { FRAME, NONCE_BYTES, encodeFrame, splitPayload } = require('../../contract/frames.cjs');
const { Asks } = require('./asks.cjs');
const { failureLine } = require('./console-lines.cjs');
const { Invocation } = require('./invocation.cjs');
const own = require('./own-copies.cjs');
const { RunContexts } = require('./run-contexts.cjs');
const { RunLog } = require('./run-log.cjs');

/**
 * Runs that have been answered and whose code may still print as theirs. The server remembers more
 * (shared-output.ts).
 */
const MOST_REMEMBERED = 100;
const USUAL_LOG_LIMIT_BYTES = 256 * 1024;
const NO_RUN = 'this is not asked by the work of a run that is going on';
const NOTHING = Buffer.alloc(0);

/**
 * @typedef {object} OverlappingRun
 * @property {string} requestId
 * @property {Buffer} nonce
 * @property {InstanceType<typeof RunLog>} log
 * @property {InstanceType<typeof Asks>} asks
 * @property {InstanceType<typeof Invocation> | null} invocation   null once it has been answered
 * @property {boolean} asksNow   waits for the answer to a question
 */

class OverlappingRuns {
  /** @type {Record<number, OverlappingRun>} by number: those in hand, and those answered lately */
  #runs = emptyRecord();
  /** @type {Record<string, number>} of those in hand, by nonce */
  #numbers = emptyRecord();
  /** @type {Record<number, number>} of those answered, by the order of their answers */
  #answered = emptyRecord();
  #answeredCount = 0;
  #lastNumber = 0;
  #inHand = 0;
  #asking = 0;
  #isDraining = false;
  #contexts = new RunContexts();
  #nobody = new Asks(NO_RUN);
  /** @type {import('./convention.cjs').Call | null} */
  #call = null;
  #parts;

  /** @param {import('./runs-in-turn.cjs').RunParts} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.output.shareAmong(this);
    parts.lines.shareAmong(this);
    process.on('exit', () => this.#onExit());
  }

  /** What the user's code asks the server with. */
  get asks() {
    return { ask: (/** @type {string} */ name, /** @type {unknown[]} */ args) => this.#ask(name, args) };
  }

  /** @param {import('./convention.cjs').Call} call  the loaded code: runs may come now */
  open(call) {
    this.#call = call;
    this.#parts.control.keepAlive();
  }

  get isFree() {
    return this.#call !== null && this.#inHand < (this.#parts.start.concurrency ?? 1);
  }

  /**
   * @param {Buffer} nonce
   * @param {Buffer} payload  of INVOKE
   */
  invoke(nonce, payload) {
    const { head, body } = splitPayload(payload);
    const invokeHead = own.parseJson(own.utf8Slice(head, 0, head.length));
    const number = this.#lastNumber + 1;
    const { invocation } = this.#begin(number, own.copyBytes(nonce, NONCE_BYTES), invokeHead);
    const bodyJson = own.utf8Slice(body, 0, body.length);
    this.#parts.control.send(encodeFrame(FRAME.BEGUN, this.#runs[number].nonce, NOTHING));
    const call = /** @type {import('./convention.cjs').Call} */ (this.#call);
    this.#contexts.enter(number, () => invocation?.start(call, bodyJson));
  }

  /**
   * @param {Buffer} nonce
   * @param {Buffer} payload  of REPLY
   */
  onReply(nonce, payload) {
    this.#runs[this.#numbers[own.bytesToHex(nonce)]]?.asks.onReply(nonce, payload);
  }

  /** Nothing is left that could complete any run in hand. */
  onEmptyEventLoop() {
    for (const number in this.#runs) this.#runs[number].invocation?.onEmptyEventLoop();
  }

  /**
   * @param {unknown} error  that was not caught
   * @returns {'ends' | 'goes on'} what the process does
   */
  onFatal(error) {
    const run = this.#current();
    // One that is remembered no more was a run all the same: what it has left behind is not the others'
    // doing.
    if (run === undefined && this.#contexts.current() === 0) {
      for (const number in this.#runs) this.#runs[number].invocation?.onFatal(error);
      return 'ends';
    }
    this.#drain();
    run?.invocation?.endBy(error);
    return 'goes on';
  }

  /** @returns {string} id of the run whose code is running */
  requestId() {
    return this.#current()?.requestId ?? 'undefined';
  }

  /**
   * @param {1 | 2} stream
   * @param {Uint8Array} bytes
   * @returns {boolean} whether there is a run that they are of
   */
  print(stream, bytes) {
    const run = this.#current();
    run?.log.write(stream, bytes);
    return run !== undefined;
  }

  #current() {
    return this.#runs[this.#contexts.current()];
  }

  /**
   * @param {number} number
   * @param {Buffer} nonce
   * @param {import('../../contract/frames.cjs').InvokeHead} head
   */
  #begin(number, nonce, head) {
    const { start, convention, control } = this.#parts;
    const log = new RunLog(nonce, control, start.logLimitBytes ?? USUAL_LOG_LIMIT_BYTES);
    const { requestId } = head;
    /** @type {OverlappingRun} */
    const run = { requestId, nonce, log, asks: new Asks(), invocation: null, asksNow: false };
    const around = {
      ...{ start, convention, output: outputOf(log) },
      lines: {
        printFailure: (
          /** @type {import('./console-lines.cjs').Failing} */ what,
          /** @type {unknown} */ error,
        ) => log.write(1, own.bytesOfText(failureLine(run.requestId, what, error))),
      },
      onAnswer: (/** @type {Buffer} */ frame) => this.#onAnswer(number, frame),
    };
    run.invocation = new Invocation(nonce, head, around);
    run.asks.attach({
      ...control,
      keepAlive: () => this.#noteAsking(run, true),
      letGo: () => this.#noteAsking(run, false),
    });
    run.asks.begin(nonce);
    this.#runs[number] = run;
    this.#numbers[own.bytesToHex(nonce)] = number;
    this.#lastNumber = number;
    this.#inHand += 1;
    this.#keepAliveIfNeeded();
    return run;
  }

  /**
   * @param {number} number
   * @param {Buffer} frame
   */
  #onAnswer(number, frame) {
    const run = this.#runs[number];
    run.invocation = null;
    run.asks.end();
    this.#noteAsking(run, false);
    delete this.#numbers[own.bytesToHex(run.nonce)];
    this.#inHand -= 1;
    this.#answered[this.#answeredCount] = number;
    delete this.#runs[this.#answered[this.#answeredCount - MOST_REMEMBERED]];
    delete this.#answered[this.#answeredCount - MOST_REMEMBERED];
    this.#answeredCount += 1;
    this.#keepAliveIfNeeded();
    this.#parts.control.send(frame);
  }

  /**
   * @param {string} name
   * @param {unknown[]} args
   */
  #ask(name, args) {
    return (this.#current()?.asks ?? this.#nobody).ask(name, args);
  }

  /**
   * A question keeps the runs going.
   * @param {OverlappingRun} run
   * @param {boolean} asksNow
   */
  #noteAsking(run, asksNow) {
    if (run.asksNow === asksNow) return;
    run.asksNow = asksNow;
    this.#asking += asksNow ? 1 : -1;
    this.#keepAliveIfNeeded();
  }

  #keepAliveIfNeeded() {
    if (this.#inHand === 0 || this.#asking > 0) this.#parts.control.keepAlive();
    else this.#parts.control.letGo();
  }

  #drain() {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#parts.control.send(encodeFrame(FRAME.DRAIN, this.#parts.nonce, NOTHING));
  }

  #onExit() {
    const run = this.#current();
    if (run !== undefined && run.invocation !== null)
      this.#parts.control.send(encodeFrame(FRAME.EXITING, run.nonce, NOTHING));
  }
}
Object.freeze(OverlappingRuns.prototype);

/**
 * What an invocation asks of the output: nothing is pending, since a run's log is on the same socket as its
 * outcome.
 * @param {InstanceType<typeof RunLog>} log
 */
function outputOf(log) {
  return {
    hasPending: () => false,
    whenWritten: () => {},
    writtenBytes: () => 0,
    get droppedBytes() {
      return log.droppedBytes;
    },
  };
}

/** @returns {any} without a prototype that other code could have put something on */
function emptyRecord() {
  return { __proto__: null };
}

module.exports = { OverlappingRuns };
