// Does what Node does at its start for variables that it reads there: the function's environment comes when
// the process has long been started. Called with the environment, before any of the user's code is loaded,
// and again for the modules that come first.
//
//   NODE_OPTIONS          the options of contract/node-options.cjs; others are refused when the variable is set
//   NODE_EXTRA_CA_CERTS   certificates that TLS connections trust besides
//   NODE_NO_WARNINGS      as --no-warnings
//   NODE_DEBUG            for the function's own util.debuglog; the sections of Node itself have been decided on
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const util = require('node:util');
const { parseNodeOptions } = require('../../contract/node-options.cjs');

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * @param {Record<string, string>} env   the whole environment
 * @param {string | undefined} givenCerts  what NODE_EXTRA_CA_CERTS was when Node started
 */
function applyNodeVariables(env, givenCerts) {
  const { set } = parseNodeOptions(env.NODE_OPTIONS ?? '');
  if ('--enable-source-maps' in set) process.setSourceMapsEnabled(true);
  if ('--no-warnings' in set || env.NODE_NO_WARNINGS === '1') process.removeAllListeners('warning');
  if ('--no-deprecation' in set) process.noDeprecation = true;
  if ('--trace-deprecation' in set) process.traceDeprecation = true;
  if ('--throw-deprecation' in set) process.throwDeprecation = true;
  if ('--trace-warnings' in set) /** @type {any} */ (process).traceProcessWarnings = true;
  applyNetworkOptions(set);
  const certs = env.NODE_EXTRA_CA_CERTS;
  if (certs !== undefined && certs !== '' && certs !== givenCerts) trustAlso(certs);
  if (env.NODE_DEBUG !== undefined) enableDebugLog(env.NODE_DEBUG);
}

/** @param {Record<string, string>} set */
function applyNetworkOptions(set) {
  const order = set['--dns-result-order'];
  if (order !== undefined) require('node:dns').setDefaultResultOrder(/** @type {any} */ (order));
  if ('--no-network-family-autoselection' in set) require('node:net').setDefaultAutoSelectFamily(false);
  for (const name of Object.keys(set)) {
    const bound = /^--tls-(min|max)-v(1\.\d)$/.exec(name);
    if (bound === null) continue;
    const tls = /** @type {any} */ (require('node:tls'));
    tls[bound[1] === 'min' ? 'DEFAULT_MIN_VERSION' : 'DEFAULT_MAX_VERSION'] = `TLSv${bound[2]}`;
  }
}

/**
 * Says so and goes on where the file can't be read, as Node does.
 * @param {string} file
 */
function trustAlso(file) {
  let certs;
  try {
    certs = fs.readFileSync(file, 'utf8').match(PEM) ?? [];
  } catch (error) {
    process.emitWarning(
      `Ignoring extra certs from \`${file}\`, load failed: ${/** @type {Error} */ (error).message}`,
    );
    return;
  }
  const tls = /** @type {any} */ (require('node:tls'));
  const { createSecureContext } = tls;
  tls.createSecureContext = (/** @type {any} */ options) => {
    const secure = createSecureContext(options);
    // An operator who names authorities trusts no others.
    if (options?.ca === undefined) for (const cert of certs) secure.context.addCACert(cert);
    return secure;
  };
}

/** @param {string} sections  names with * for anything, between commas */
function enableDebugLog(sections) {
  const pattern = sections
    .toUpperCase()
    .replace(/[|\\{}()[\]^$+?.]/g, '\\$&')
    .replaceAll('*', '.*')
    .split(',')
    .join('$|^');
  const isOn = new RegExp(`^${pattern}$`);
  const debuglog = (/** @type {string} */ set) => {
    const name = String(set).toUpperCase();
    const enabled = isOn.test(name);
    const log = (/** @type {unknown[]} */ ...args) => {
      if (enabled) process.stderr.write(`${name} ${process.pid}: ${util.format(...args)}\n`);
    };
    return Object.defineProperty(log, 'enabled', { value: enabled });
  };
  /** @type {any} */ (util).debuglog = debuglog;
  /** @type {any} */ (util).debug = debuglog;
}

/**
 * Loads the modules of NODE_OPTIONS.
 * @param {string} taskRoot  the working directory
 * @param {Record<string, string>} env
 * @returns {Promise<void>}
 */
async function loadFirstModules(taskRoot, env) {
  const requireFromTask = Module.createRequire(path.join(taskRoot, 'package.json'));
  const { modules, problem } = parseNodeOptions(env.NODE_OPTIONS ?? '');
  // Set before there was a rule, or where values are nobody's options.
  if (problem !== null) console.warn(`NODE_OPTIONS can't have ${problem}`);
  for (const { how, name } of modules) {
    if (how === 'require') requireFromTask(name);
    else await import(name.includes(':') ? name : pathToFileURL(requireFromTask.resolve(name)).href);
  }
}

module.exports = { applyNodeVariables, loadFirstModules };
