// Request headers that are found by any spelling: `headers['Content-Type']` as well as
// `headers['content-type']`. Listed and printed they are in lower case. Called by the convention that hands
// them over.
'use strict';

const own = require('./own-copies.cjs');

/** @type {ProxyHandler<Record<string, unknown>>} */
const ANY_CASE = {
  get: (target, name, receiver) => own.get(target, inTarget(target, name), receiver),
  has: (target, name) => own.has(target, inTarget(target, name)),
  getOwnPropertyDescriptor: (target, name) => own.getOwnPropertyDescriptor(target, inTarget(target, name)),
};

/**
 * @param {Record<string, unknown> | null} headers  by their names in lower case
 * @returns {Record<string, unknown> | null}
 */
function withAnyCase(headers) {
  return headers === null ? null : new own.OwnProxy(headers, ANY_CASE);
}

/**
 * @param {object} target
 * @param {string | symbol} name
 * @returns {string | symbol} the name as the target has it
 */
function inTarget(target, name) {
  if (typeof name !== 'string' || own.has(target, name)) return name;
  const lower = own.toLowerCase(name);
  return own.hasOwn(target, lower) ? lower : name;
}

module.exports = { withAnyCase };
