// Whose code is running, where several runs overlap in one process: each run's work is entered under the
// run's number, and AsyncLocalStorage carries the number along. A number and nothing else, since older
// engines keep it where the user's code can see it. Created by overlapping-runs.cjs.
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const own = require('./own-copies.cjs');

const enter = own.uncurry(AsyncLocalStorage.prototype.run);
const getStore = own.uncurry(AsyncLocalStorage.prototype.getStore);

class RunContexts {
  #storage = new AsyncLocalStorage();

  /**
   * @param {number} number  of the run
   * @param {() => void} work
   */
  enter(number, work) {
    enter(this.#storage, number, work);
  }

  /** @returns {number} of the run whose code this is; 0: of none */
  current() {
    const number = getStore(this.#storage);
    return typeof number === 'number' ? number : 0;
  }
}
Object.freeze(RunContexts.prototype);

module.exports = { RunContexts };
