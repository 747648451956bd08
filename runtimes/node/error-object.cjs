// What was thrown, as Lambda's error object {errorType, errorMessage, trace} in JSON text
// (docs/specs/lambda.md section 4). Reading a thrown thing can itself throw (getters, proxies, null
// prototypes); nothing here does. The text is put together by hand, since a patched `toJSON` would otherwise
// have a say in it.
'use strict';

const path = require('node:path');
const own = require('./own-copies.cjs');

/** What fits into a frame whatever the characters are: one of them can take six bytes of JSON. */
const MESSAGE_LIMIT_CHARS = 256 * 1024;
const TYPE_LIMIT_CHARS = 1024;
const TRACE_LIMIT_CHARS = 256 * 1024;
const LOG_LIMIT_CHARS = 256 * 1024;

const ENTERED = '    at AsyncLocalStorage.run (node:';
/** Folders whose stack frames the user has no use for. */
const OWN_FOLDERS = [`${__dirname}${path.sep}`, `${path.resolve(__dirname, '../../contract')}${path.sep}`];

const UNREADABLE = {
  errorType: 'handled',
  errorMessage:
    'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
  trace: [],
};

/**
 * @typedef {object} ErrorObject
 * @property {string} errorType
 * @property {string} errorMessage
 * @property {string[]} trace   lines of the stack, without the runtime's own
 */

/** An error that the runtime itself reports, named as Lambda names it. */
class RuntimeError extends Error {
  /**
   * @param {string} name      e.g. `Runtime.HandlerNotFound`
   * @param {string} message
   * @param {string[]} [lines] what the trace shows below the first line
   */
  constructor(name, message, lines = []) {
    super(message);
    let stack = `${name}: ${message}`;
    for (let i = 0; i < lines.length; i++) stack += `\n${lines[i]}`;
    own.defineProperty(this, 'stack', { value: stack, configurable: true, writable: true });
    own.defineProperty(this, 'name', { value: name, configurable: true, writable: true });
  }
}

/**
 * @param {unknown} thrown
 * @returns {ErrorObject}
 */
function toErrorObject(thrown) {
  try {
    const object = isErrorLike(thrown) ? fromError(thrown) : fromOther(thrown);
    if (typeof object.errorType !== 'string' || typeof object.errorMessage !== 'string') return UNREADABLE;
    return object;
  } catch {
    return UNREADABLE;
  }
}

/**
 * As {@link toErrorObject}, but an object that isn't an error is shown with all that it holds, and nothing as
 * what it is.
 * @param {unknown} thrown
 * @returns {ErrorObject}
 */
function toPlainErrorObject(thrown) {
  const isNothing = thrown === undefined || thrown === null;
  if (isNothing) return { errorType: `${thrown}`, errorMessage: `${thrown}`, trace: [] };
  try {
    if (typeof thrown !== 'object' || isErrorLike(thrown)) return toErrorObject(thrown);
    return { errorType: 'object', errorMessage: textOfObject(thrown), trace: [] };
  } catch {
    return UNREADABLE;
  }
}

/** @param {object} thrown */
function textOfObject(thrown) {
  try {
    const json = own.stringifyJson(thrown);
    if (typeof json === 'string') return json;
  } catch {
    // It refers to itself, or a `toJSON` of its own throws.
  }
  return own.inspect(thrown);
}

/**
 * @param {any} thrown
 * @returns {string}
 */
function messageOf(thrown) {
  const { errorMessage } = toErrorObject(thrown);
  return own.slice(errorMessage, 0, MESSAGE_LIMIT_CHARS);
}

/**
 * @param {any} thrown
 * @returns {boolean}
 */
function isErrorLike(thrown) {
  if (own.isNativeError(thrown)) return true;
  if (thrown === null || typeof thrown !== 'object') return false;
  return isText(thrown.name) && isText(thrown.message) && isText(thrown.stack);
}

/** @param {unknown} value */
function isText(value) {
  return typeof value === 'string' && value !== '';
}

/** @param {any} error */
function fromError(error) {
  const { name, message, stack } = error;
  return { errorType: name, errorMessage: message, trace: typeof stack === 'string' ? traceOf(stack) : [] };
}

/** @param {any} thrown */
function fromOther(thrown) {
  return { errorType: typeof thrown, errorMessage: thrown.toString(), trace: [] };
}

/**
 * @param {string} stack
 * @returns {string[]}
 */
function traceOf(stack) {
  const lines = own.split(own.slice(stack, 0, TRACE_LIMIT_CHARS), '\n');
  const trace = [];
  for (let i = 0; i < lines.length; i++) {
    if (!isOwnFrame(lines[i])) trace[trace.length] = lines[i];
    // The step through which a run's context was entered (run-contexts.cjs); one of the user's own is called
    // by the user's code.
    else if (trace.length > 0 && own.startsWith(trace[trace.length - 1], ENTERED)) trace.length -= 1;
  }
  return trace;
}

/** @param {string} line */
function isOwnFrame(line) {
  if (!own.startsWith(line, '    at ')) return false;
  return own.includes(line, OWN_FOLDERS[0]) || own.includes(line, OWN_FOLDERS[1]);
}

/**
 * @param {ErrorObject} error
 * @returns {string} JSON, cut so that it fits into a frame
 */
function errorToJson(error) {
  const type = own.stringifyJson(own.slice(error.errorType, 0, TYPE_LIMIT_CHARS));
  const message = own.stringifyJson(own.slice(error.errorMessage, 0, MESSAGE_LIMIT_CHARS));
  let trace = '';
  for (let i = 0; i < error.trace.length; i++) {
    trace += (i === 0 ? '' : ',') + own.stringifyJson(error.trace[i]);
  }
  return `{"errorType":${type},"errorMessage":${message},"trace":[${trace}]}`;
}

/**
 * @param {unknown} thrown
 * @returns {string} JSON with the members that the user's code has put on the error, as Lambda's client logs
 * it
 */
function describeForLog(thrown) {
  try {
    const error = thrown instanceof own.OwnError ? thrown : new own.OwnError(/** @type {any} */ (thrown));
    const text = own.stringifyJson(error, (_key, value) => withMembers(value));
    return own.slice(text, 0, LOG_LIMIT_CHARS);
  } catch {
    return own.slice(errorToJson(toErrorObject(thrown)), 0, LOG_LIMIT_CHARS);
  }
}

/** @param {any} value */
function withMembers(value) {
  if (!(value instanceof own.OwnError)) return value;
  const { name, message, code, stack } = /** @type {NodeJS.ErrnoException} */ (value);
  const members = /** @type {any} */ (own.assign)({ errorType: name, errorMessage: message, code }, value);
  if (typeof stack === 'string') members.stack = traceOf(stack);
  return members;
}

module.exports = {
  RuntimeError,
  toErrorObject,
  toPlainErrorObject,
  errorToJson,
  messageOf,
  describeForLog,
  traceOf,
};
