// The convention of a function body: the file that the handler names is run inside `function (event, context,
// callback) {...}` and ends its run by the callback alone. It has no `require`: packages are on `global`,
// under their names.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const { RuntimeError, messageOf, toErrorObject, toPlainErrorObject } = require('../error-object.cjs');
const own = require('../own-copies.cjs');
const { installPackages } = require('../package-globals.cjs');
const { syntaxErrorOf } = require('../syntax-error.cjs');

const PARAMETERS = ['event', 'context', 'callback'];
const NO_IMPORT =
  "import() is not available here: a package of the function's dependencies is there as global['name'], e.g. global['lodash']";
const NOT_CALLED =
  'callback was never called: the function has nothing left to do and did not end its run; call callback(error, response) on every way through the code';

/** What Node says of import() in a compiled function; some add `_FLAG`. */
const IMPORT_REFUSED = 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING';

/**
 * @typedef {object} Compiled
 * @property {Function | null} code
 * @property {unknown} error         why there is no code
 * @property {Record<string, string>} packages  name and version
 */

/** @type {Promise<Compiled> | null} of this process's function; a fork inherits it */
let preloaded = null;

/** @type {import('../convention.cjs').Convention} */
const body = {
  endsWithTurn: true,
  preload: async (start) => {
    preloaded = prepare(start);
    await preloaded;
  },
  load: async (start) => {
    const { code, error, packages } = await (preloaded ?? prepare(start));
    if (code === null) throw error;
    return (bodyJson, _head, completion) =>
      call(code, withPackages(own.parseJson(bodyJson), packages), completion);
  },
  describe: (thrown) => {
    if (isRefusedImport(thrown)) return { ...toErrorObject(thrown), errorMessage: NO_IMPORT };
    return toPlainErrorObject(thrown);
  },
  rejection: (reason) => reason,
  unstringifiable: (cause) =>
    new RuntimeError(
      'Function.UnserializableResponse',
      `the response can't be written as JSON: ${messageOf(cause)}`,
    ),
};

/**
 * Compiling runs nothing: it is done before the forks, for all runs.
 * @param {import('../../../contract/frames.cjs').StartPayload} start
 * @returns {Promise<Compiled>}
 */
async function prepare(start) {
  const packages = await installPackages(start);
  refuseRequire();
  try {
    return {
      code: compile(path.resolve(start.taskRoot, start.handler), start.handler),
      error: null,
      packages,
    };
  } catch (error) {
    return { code: null, error, packages };
  }
}

/**
 * @param {string} file
 * @param {string} shownAs  what traces call it
 * @returns {Function}
 */
function compile(file, shownAs) {
  if (!fs.existsSync(file)) {
    throw new RuntimeError(
      'Runtime.ImportModuleError',
      `the function's code is not there: there is no file ${shownAs}`,
    );
  }
  const text = fs.readFileSync(file, 'utf8');
  try {
    return vm.compileFunction(text, PARAMETERS, { filename: shownAs });
  } catch (error) {
    throw syntaxErrorOf(error);
  }
}

function refuseRequire() {
  function require(/** @type {unknown} */ name) {
    throw new Error(
      `require is not available here: a package of the function's dependencies is there as global['${name}'], and nothing else can be loaded`,
    );
  }
  Object.defineProperty(globalThis, 'require', { value: require, configurable: true, writable: true });
}

/** @param {any} thrown */
function isRefusedImport(thrown) {
  if (!own.isNativeError(thrown)) return false;
  const code = own.getOwnPropertyDescriptor(thrown, 'code')?.value;
  return typeof code === 'string' && own.startsWith(code, IMPORT_REFUSED);
}

/**
 * @param {any} call      what INVOKE's body holds
 * @param {Record<string, string>} packages
 */
function withPackages(call, packages) {
  const { event, context } = call;
  if (
    context !== null &&
    typeof context === 'object' &&
    own.keysOf(context.dependencies ?? {}).length === 0
  ) {
    context.dependencies = own.assign({}, packages);
  }
  return { event, context };
}

/**
 * What the code returns is nobody's: a promise that it rejects is one that nobody handles.
 * @param {Function} code
 * @param {{ event: unknown, context: unknown }} given
 * @param {import('../convention.cjs').Completion} completion
 */
function call(code, { event, context }, completion) {
  const callback = (/** @type {unknown} */ error, /** @type {unknown} */ response) => {
    if (error === undefined || error === null) completion.succeed(response);
    else completion.fail(error);
  };
  try {
    own.apply(code, undefined, [event, context, callback]);
  } catch (error) {
    completion.fail(error);
  }
  return () => completion.fail(new RuntimeError('Function.NoCallback', NOT_CALLED));
}

module.exports = { body };
