// Keeps a forked child's event loop alive while WebAssembly compiles. Older V8s hand part of that to threads,
// which a fork doesn't take along, and Node 20 waits for them, for ever, once its event loop is empty. Called
// by template.cjs.
'use strict';

const own = require('./own-copies.cjs');

/** The types of Node's own library know nothing of it. @type {Record<string, Function | undefined>} */
const assembly = /** @type {any} */ (globalThis).WebAssembly;
const METHODS = ['compile', 'instantiate', 'compileStreaming', 'instantiateStreaming'];
const LONG_MS = 2 ** 31 - 1;
const LOOK_EVERY_MS = 1;

let compiling = 0;

/** Replaces the methods that return promises. */
function keepLoopAliveWhileCompiling() {
  for (const name of METHODS) {
    const method = assembly[name];
    if (method === undefined) continue;
    const value = { [name]: (/** @type {unknown[]} */ ...args) => held(own.apply(method, assembly, args)) }[
      name
    ];
    own.defineProperty(assembly, name, { value, configurable: true, enumerable: true, writable: true });
  }
}

/**
 * @param {Promise<unknown>} promise
 * @returns {Promise<unknown>} the same
 */
function held(promise) {
  const timer = own.setTimeout(() => {}, LONG_MS);
  compiling += 1;
  const release = () => {
    own.clearTimeout(timer);
    compiling -= 1;
  };
  own.promiseThen(promise, release, release);
  return promise;
}

/**
 * Looked at between turns of the event loop: who waited for one may have begun the next by then.
 * @param {number} boundMs  how long to wait at most
 * @returns {Promise<void>} settles when nothing is being compiled
 */
function allCompiled(boundMs) {
  return new Promise((resolve) => {
    let looks = boundMs / LOOK_EVERY_MS;
    const look = () => {
      looks -= 1;
      if (compiling === 0 || looks < 0) resolve();
      else own.setTimeout(look, LOOK_EVERY_MS);
    };
    look();
  });
}

module.exports = { allCompiled, keepLoopAliveWhileCompiling };
