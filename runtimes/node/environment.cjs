// Puts the user's environment in place of the process's own, before any of the user's code is loaded. What Node reads
// at its own start (NODE_OPTIONS, NODE_EXTRA_CA_CERTS) is up to whoever starts the process.
'use strict';

const Module = require('node:module');

/**
 * @param {Record<string, string>} wanted  the whole environment
 */
function replaceEnvironment(wanted) {
  for (const name of Object.keys(process.env)) {
    if (!Object.hasOwn(wanted, name)) delete process.env[name];
  }
  for (const name of Object.keys(wanted)) process.env[name] = wanted[name];
  // Node has computed the folders of NODE_PATH from the environment that it was started with.
  Module._initPaths();
}

module.exports = { replaceEnvironment };
