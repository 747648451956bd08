// Puts on `global` what START promises the user's code there: objects whose functions ask the server. Called
// once in a process, before any of the user's code runs.
'use strict';

/** @typedef {InstanceType<typeof import('./asks.cjs').Asks>} Asks */

/**
 * @param {Record<string, Record<string, string>> | undefined} globals  of START
 * @param {Pick<Asks, 'ask'>} asks
 */
function installGlobals(globals, asks) {
  for (const [object, names] of Object.entries(globals ?? {})) {
    const functions = Object.entries(names).map(([member, name]) => [
      member,
      { [member]: (/** @type {unknown[]} */ ...args) => asks.ask(name, args) }[member],
    ]);
    /** @type {any} */ (globalThis)[object] = Object.fromEntries(functions);
  }
}

module.exports = { installGlobals };
