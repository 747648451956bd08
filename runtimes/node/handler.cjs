// Finds and loads the function that a handler string names, with the lookup order, error codes and texts of
// Lambda's client (docs/specs/lambda.md section 4). Runs the user's module code; never calls the handler.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');
const own = require('./own-copies.cjs');
const { RuntimeError, traceOf } = require('./error-object.cjs');

// The user's modules get a parent of their own, through which the runtime's modules can't be reached.
const requireUser = createRequire(path.join(__dirname, 'bootstrap.cjs'));

/**
 * @typedef {object} HandlerName
 * @property {string} folder  inside the task root, with a trailing slash, or empty
 * @property {string} module  file name without extension
 * @property {string} member  name of the export, possibly nested with dots
 */

/**
 * The last path segment is split at its first dot.
 * @param {string} handler  e.g. `src/index.api.handler`
 * @returns {HandlerName}
 * @throws {RuntimeError} Runtime.MalformedHandlerName
 */
function parseHandlerName(handler) {
  if (handler.includes('..')) {
    const rule = 'Use absolute paths when specifying root directories in handler names.';
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. ${rule}`,
    );
  }
  const last = path.basename(handler);
  const dot = last.indexOf('.');
  if (dot === -1) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const folder = handler.substring(0, handler.indexOf(last));
  return { folder, module: last.slice(0, dot), member: last.slice(dot + 1) };
}

/**
 * @param {string} taskRoot
 * @param {string} handler
 * @returns {Promise<Function>}
 * @throws {RuntimeError} or whatever the user's module throws while it is loaded
 */
async function loadHandler(taskRoot, handler) {
  const exported = await loadModule(taskRoot, handler);
  const keys = own.split(parseHandlerName(handler).member, '.');
  let found = exported;
  for (let i = 0; i < keys.length; i++) found = found?.[keys[i]];
  if (!found) throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  }
  return found;
}

/**
 * @typedef {{ file: string, isImported: boolean }} FoundModule  `isImported`: by import() and not by
 * require()
 */

/** Node 22.18 and newer. */
const STRIPS_TYPES = Boolean(/** @type {any} */ (process.features).typescript);

/** The oldest runtime that does. */
const TYPED_SINCE = 'nodejs22.x';

/** Calls after which V8 has compiled a function in earnest. */
const OFTEN = 200;

/**
 * @type {{ taskRoot: string, handler: string, module: FoundModule } | null} found before a fork, for its
 * children
 */
let foundAhead = null;

/**
 * Looks for the handler's module, so that no child has to; loads nothing. What is wrong with it is for the
 * runs to meet.
 * @param {string} taskRoot
 * @param {string} handler
 */
function findAhead(taskRoot, handler) {
  try {
    // So often that what this calls of Node becomes machine code here, and not in each child.
    for (let i = 0; i < OFTEN; i++) fs.existsSync(parseHandlerName(handler).module);
    const module = findModule(taskRoot, parseHandlerName(handler));
    if (!module.isImported) requireUser.resolve(module.file);
    foundAhead = { taskRoot, handler, module };
  } catch {
    foundAhead = null;
  }
}

/**
 * @param {string} taskRoot
 * @param {string} handler
 * @returns {Promise<any>}
 */
async function loadModule(taskRoot, handler) {
  const name = parseHandlerName(handler);
  try {
    const known = foundAhead?.taskRoot === taskRoot && foundAhead.handler === handler ? foundAhead : null;
    const { file, isImported } = known?.module ?? findModule(taskRoot, name);
    return await (isImported ? import(pathToFileURL(file).href) : requireUser(file));
  } catch (error) {
    throw namedLoadError(error);
  }
}

/**
 * Extensionless, .js, .mjs, .cjs, TypeScript's where the engine strips types, then Node's own resolution from
 * the task root.
 * @param {string} taskRoot
 * @param {HandlerName} name
 * @returns {FoundModule}
 */
function findModule(taskRoot, name) {
  const file = path.resolve(taskRoot, name.folder, name.module);
  const js = `${file}.js`;
  if (fs.existsSync(file)) return { file, isImported: false };
  if (fs.existsSync(js)) return { file: js, isImported: isTypeModule(path.dirname(js)) };
  if (fs.existsSync(`${file}.mjs`)) return { file: `${file}.mjs`, isImported: true };
  if (fs.existsSync(`${file}.cjs`)) return { file: `${file}.cjs`, isImported: false };
  const typed = findTyped(file);
  if (typed !== null) return STRIPS_TYPES ? typed : refuseTyped(typed.file);
  return {
    file: requireUser.resolve(name.module, { paths: [taskRoot, name.folder] }),
    isImported: false,
  };
}

/**
 * @param {string} file  without its extension
 * @returns {FoundModule | null}
 */
function findTyped(file) {
  const ts = `${file}.ts`;
  if (fs.existsSync(ts)) return { file: ts, isImported: isTypeModule(path.dirname(ts)) };
  if (fs.existsSync(`${file}.mts`)) return { file: `${file}.mts`, isImported: true };
  return fs.existsSync(`${file}.cts`) ? { file: `${file}.cts`, isImported: false } : null;
}

/**
 * @param {string} file
 * @returns {never}
 * @throws {RuntimeError}
 */
function refuseTyped(file) {
  const name = path.basename(file);
  const advice = `choose ${TYPED_SINCE} or newer for it, or upload JavaScript that was compiled from it`;
  throw new RuntimeError(
    'Runtime.ImportModuleError',
    `Error: ${name} is TypeScript, which Node ${process.version} does not run: ${advice}`,
  );
}

/**
 * @param {string} folder
 * @returns {boolean} whether the nearest package.json says `"type": "module"`
 */
function isTypeModule(folder) {
  if (folder.endsWith('/node_modules')) return false;
  const file = path.join(folder, 'package.json');
  if (fs.existsSync(file)) return readPackageType(file) === 'module';
  return folder === path.dirname(folder) ? false : isTypeModule(path.dirname(folder));
}

/**
 * @param {string} file
 * @returns {unknown} null when the file can't be read
 */
function readPackageType(file) {
  try {
    return own.parseJson(fs.readFileSync(file, 'utf8'))?.type ?? null;
  } catch (error) {
    console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
    return null;
  }
}

/**
 * @param {any} error  what loading the user's module threw
 * @returns {unknown} the same, or Lambda's name for it
 */
function namedLoadError(error) {
  if (error instanceof own.OwnSyntaxError) {
    // The stack of a syntax error starts with the place in the user's file; nothing else names it.
    return new RuntimeError('Runtime.UserCodeSyntaxError', String(error), traceOf(String(error.stack)));
  }
  if (error?.code === 'MODULE_NOT_FOUND') return new RuntimeError('Runtime.ImportModuleError', String(error));
  return error;
}

module.exports = { findAhead, loadHandler, parseHandlerName };
