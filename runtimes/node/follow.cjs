// Completes a run by what the user's function has returned, if that is a promise or like one. Called by the
// conventions whose handlers may return one.
'use strict';

const own = require('./own-copies.cjs');

/**
 * A plain promise is followed with the runtime's own `then`; classes with a `then` of their own may start
 * their work in it.
 * @param {any} returned
 * @param {(value: unknown) => void} succeed
 * @param {(error: unknown) => void} fail
 * @returns {boolean} whether it is thenable
 * @throws what a `then` of the user's throws
 */
function follow(returned, succeed, fail) {
  if (own.isPromise(returned) && isPlainPromise(returned)) {
    own.promiseThen(returned, succeed, fail);
    return true;
  }
  if (!returned?.then || typeof returned.then !== 'function') return false;
  const next = returned.then(succeed, fail);
  if (own.isPromise(next) && isPlainPromise(next)) own.promiseThen(next, undefined, fail);
  return true;
}

/** @param {object} promise */
function isPlainPromise(promise) {
  return own.getPrototypeOf(promise) === own.promisePrototype && !own.hasOwn(promise, 'then');
}

module.exports = { follow };
