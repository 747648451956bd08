// How a function's code is loaded, called and brought to its end: one file for each of the conventions that
// START can name. conventions.md describes them for people. Called by dispatcher.cjs, single-run.cjs and
// template.cjs.
'use strict';

const { body } = require('./conventions/body.cjs');
const { lambda } = require('./conventions/lambda.cjs');
const { respond } = require('./conventions/respond.cjs');

/**
 * @typedef {object} Convention
 * @property {boolean} endsWithTurn   whether what follows a completion in the same turn of the event loop
 * still happens
 * @property {(start: StartPayload) => Promise<void>} preload   loads packages; runs nothing of the user's own
 * code. In a template,
 *   that is before the forks
 * @property {(start: StartPayload) => Promise<Call>} load      loads the user's code; throws what loading it
 * threw
 * @property {(thrown: unknown) => import('./error-object.cjs').ErrorObject} describe   how the run shows what
 * was thrown
 * @property {(reason: unknown) => unknown} rejection           the error that an unhandled rejection stands
 * for
 * @property {(cause: unknown) => unknown} unstringifiable      the error that a result which JSON can't hold
 * stands for
 *
 * @typedef {import('../../contract/frames.cjs').StartPayload} StartPayload
 *
 * @callback Call                calls the user's code; never throws
 * @param {string} bodyJson      of INVOKE
 * @param {import('../../contract/frames.cjs').InvokeHead} head
 * @param {Completion} completion
 * @returns {() => void}         to be called when the event loop is empty and the run isn't complete:
 * completes it
 *
 * @typedef {object} Completion  the first call of any counts
 * @property {(value: unknown) => void} succeed   the run ends with this result
 * @property {(value: unknown) => void} respond   the run has this result, and its work goes on until the
 * event loop is empty
 * @property {(error: unknown) => void} fail
 */

/** @type {Record<string, Convention>} */
const CONVENTIONS = { lambda, body, respond };

/**
 * @param {StartPayload} start
 * @returns {Convention}
 * @throws when this runtime doesn't know it
 */
function conventionOf(start) {
  const convention = CONVENTIONS[start.convention];
  if (convention === undefined) throw new Error(`this runtime knows no convention ${start.convention}`);
  return convention;
}

module.exports = { conventionOf };
