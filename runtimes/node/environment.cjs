// Puts the user's environment in place of the process's own, before any of the user's code is loaded. What
// Node reads of it at its own start is made up for by node-variables.cjs.
'use strict';

const Module = require('node:module');
const { applyNodeVariables } = require('./node-variables.cjs');

/**
 * @param {Record<string, string>} wanted  the whole environment
 */
function replaceEnvironment(wanted) {
  const givenCerts = process.env.NODE_EXTRA_CA_CERTS;
  for (const name of Object.keys(process.env)) {
    if (!Object.hasOwn(wanted, name)) delete process.env[name];
  }
  for (const name of Object.keys(wanted)) process.env[name] = wanted[name];
  // Node has computed the folders of NODE_PATH from the environment that it was started with.
  /** @type {any} */ (Module)._initPaths();
  applyNodeVariables(wanted, givenCerts);
}

module.exports = { replaceEnvironment };
