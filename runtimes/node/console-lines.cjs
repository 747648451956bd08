// Turns console calls into Lambda's log lines, `ISO-time \t request id \t LEVEL \t text`, all of them on
// stdout as Lambda's client does (docs/specs/lambda.md section 4). Also prints the runtime's own lines about
// errors.
'use strict';

const { apply, format, isoTime, replaceAll } = require('./own-copies.cjs');
const { describeForLog } = require('./error-object.cjs');

/** @typedef {InstanceType<typeof import('./output-ledger.cjs').OutputLedger>} OutputLedger */
/** @typedef {InstanceType<typeof import('./overlapping-runs.cjs').OverlappingRuns>} OverlappingRuns */

/** @typedef {'Invoke Error' | 'Uncaught Exception' | 'Unhandled Promise Rejection'} Failing */

/** @type {Record<string, string>} by the console's methods */
const LEVELS = {
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  debug: 'DEBUG',
  trace: 'TRACE',
  fatal: 'FATAL',
};

class ConsoleLines {
  /** The run whose lines these are; stays after the run, since stray work belongs to the last one. */
  requestId = 'undefined';
  /** @type {OverlappingRuns | null} where runs overlap: who knows whose code is running */
  #runs = null;
  #output;

  /** @param {OutputLedger} output */
  constructor(output) {
    this.#output = output;
  }

  /** @param {OverlappingRuns} runs  among which lines are distinguished from now on */
  shareAmong(runs) {
    this.#runs = runs;
  }

  /**
   * Replaces the console's printing methods.
   * @param {Console} target
   */
  install(target) {
    const methods = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (target));
    for (const [method, level] of Object.entries(LEVELS)) {
      methods[method] = (/** @type {unknown[]} */ ...args) =>
        this.#output.writeConsole(line(this.#runId(), level, apply(format, null, args)));
    }
  }

  /**
   * Prints what Lambda prints when a run or the runtime fails.
   * @param {Failing} what
   * @param {unknown} error
   */
  printFailure(what, error) {
    this.#output.write(failureLine(this.#runId(), what, error));
  }

  #runId() {
    return this.#runs === null ? this.requestId : this.#runs.requestId();
  }
}
Object.freeze(ConsoleLines.prototype);

/**
 * @param {string} requestId
 * @param {Failing} what
 * @param {unknown} error
 * @returns {string} what Lambda prints when a run or the runtime fails
 */
function failureLine(requestId, what, error) {
  return line(requestId, 'ERROR', `${what} \t${describeForLog(error)}`);
}

/**
 * @param {string} requestId
 * @param {string} level
 * @param {string} text
 * @returns {string} one line, its own line feeds turned into carriage returns
 */
function line(requestId, level, text) {
  return `${replaceAll(`${isoTime()}\t${requestId}\t${level}\t${text}`, '\n', '\r')}\n`;
}

module.exports = { ConsoleLines, failureLine };
