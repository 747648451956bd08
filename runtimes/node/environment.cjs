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

const environment = process.env;
let isTraced = false;

/**
 * The variable by which Lambda's tools know the trace of the run that goes on.
 * @param {string | undefined} traceId  undefined: it is part of none
 */
function showTrace(traceId) {
  if (traceId !== undefined) environment._X_AMZN_TRACE_ID = traceId;
  else if (isTraced) delete environment._X_AMZN_TRACE_ID;
  isTraced = traceId !== undefined;
}

module.exports = { replaceEnvironment, showTrace };
