// The runtime's own copies of everything of the language and of Node that it needs after the user's code has
// been loaded. Taken first of all, so that patched JSON, promises or prototypes can neither forge nor break a
// frame. Called by every other file of the runtime; never hands a copy to the user's code.
'use strict';

const { AsyncResource } = require('node:async_hooks');
const fs = require('node:fs');
const util = require('node:util');

const uncurry = Function.prototype.bind.bind(Function.prototype.call);
const dateToIso = uncurry(Date.prototype.toISOString);
const OwnDate = Date;
const processExit = process.exit;
const { apply } = Reflect;
const { nextTick } = process;
const ownSetImmediate = setImmediate;
const runInAsyncScope = uncurry(AsyncResource.prototype.runInAsyncScope);
const { allocUnsafe, byteLength, from: bufferFrom } = Buffer;
const setBytes = uncurry(Uint8Array.prototype.set);
const utf8Write = uncurry(Buffer.prototype.utf8Write);
const base64Slice = uncurry(Buffer.prototype.base64Slice);
const subarray = uncurry(Buffer.prototype.subarray);
const OwnUint8Array = Uint8Array;
const { isUint8Array, isAnyArrayBuffer, isDataView, isTypedArray } = util.types;
const viewBuffer = getterOf(DataView.prototype, 'buffer');
const viewOffset = getterOf(DataView.prototype, 'byteOffset');
const viewLength = getterOf(DataView.prototype, 'byteLength');
const TypedArray = Object.getPrototypeOf(Uint8Array.prototype);
const arrayBuffer = getterOf(TypedArray, 'buffer');
const arrayOffset = getterOf(TypedArray, 'byteOffset');
const arrayLength = getterOf(TypedArray, 'byteLength');
const hexSlice = uncurry(Buffer.prototype.hexSlice);

/**
 * @param {object} prototype
 * @param {string} name
 * @returns {(of: unknown) => any}
 */
function getterOf(prototype, name) {
  return uncurry(/** @type {any} */ (Object.getOwnPropertyDescriptor(prototype, name)).get);
}

/**
 * What Buffer.from does, without the method of the prototype that Node 18 to 22 look up on the way.
 * @param {string} text
 * @returns {Buffer}
 */
function bytesOfText(text) {
  const sizeBytes = byteLength(text);
  const bytes = allocUnsafe(sizeBytes);
  if (sizeBytes > 0) utf8Write(bytes, text, 0, sizeBytes);
  return bytes;
}

/**
 * @param {Buffer} bytes
 * @param {number} sizeBytes  how many of them, from the first
 * @returns {Buffer}
 */
function copyBytes(bytes, sizeBytes) {
  const copy = allocUnsafe(sizeBytes);
  setBytes(copy, subarray(bytes, 0, sizeBytes));
  return copy;
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
function bytesToBase64(bytes) {
  return base64Slice(bytes, 0, bytes.length);
}

/**
 * @param {unknown} value
 * @returns {Uint8Array | null} the bytes that a value is, whatever view of them it is; null: it is none
 */
function bytesOf(value) {
  if (isUint8Array(value)) return value;
  if (isAnyArrayBuffer(value)) return new OwnUint8Array(value);
  if (isDataView(value)) return new OwnUint8Array(viewBuffer(value), viewOffset(value), viewLength(value));
  if (!isTypedArray(value)) return null;
  return new OwnUint8Array(arrayBuffer(value), arrayOffset(value), arrayLength(value));
}

/**
 * @returns {(work: () => void) => void} does work in a turn of its own, in the asynchronous context of this
 * call
 */
function laterInThisContext() {
  const here = new AsyncResource('MILLRACE');
  return (work) => runInAsyncScope(here, ownSetImmediate, undefined, work);
}

/**
 * What Buffer.from does, without the methods that it looks up on the way where the encoding is the usual one.
 * @param {string} text
 * @param {unknown} encoding
 * @returns {Buffer}
 */
function encodeText(text, encoding) {
  if (encoding === 'utf8' || typeof encoding !== 'string') return bytesOfText(text);
  return bufferFrom(text, /** @type {BufferEncoding} */ (encoding));
}

module.exports = {
  uncurry,
  parseJson: JSON.parse,
  stringifyJson: JSON.stringify,

  apply,
  objectPrototype: Object.prototype,
  getPrototypeOf: Object.getPrototypeOf,
  hasOwn: Object.hasOwn,
  has: Reflect.has,
  get: Reflect.get,
  OwnProxy: Proxy,
  assign: Object.assign,
  defineProperty: Object.defineProperty,
  getOwnPropertyDescriptor: Object.getOwnPropertyDescriptor,
  isSafeInteger: Number.isSafeInteger,
  isArray: Array.isArray,
  keysOf: Object.keys,
  bytesToBase64,
  bytesToHex: (/** @type {Uint8Array} */ bytes) => hexSlice(bytes, 0, bytes.length),
  subarray,
  isBytes: isUint8Array,
  bytesOf,
  min: Math.min,
  OwnError: Error,
  OwnSyntaxError: SyntaxError,
  promisePrototype: Promise.prototype,
  promiseThen: uncurry(Promise.prototype.then),
  isNativeError: util.types.isNativeError,
  isPromise: util.types.isPromise,
  isAsyncFunction: util.types.isAsyncFunction,

  bytesOfText,
  encodeText,
  copyBytes,
  byteLength,
  utf8Slice: uncurry(Buffer.prototype.utf8Slice),

  split: uncurry(String.prototype.split),
  slice: uncurry(String.prototype.slice),
  replaceAll: uncurry(String.prototype.replaceAll),
  startsWith: uncurry(String.prototype.startsWith),
  includes: uncurry(String.prototype.includes),
  test: uncurry(RegExp.prototype.test),
  toLowerCase: uncurry(String.prototype.toLowerCase),
  format: util.format,
  inspect: util.inspect,

  laterInThisContext,
  nextTick: (/** @type {Function} */ then) => apply(nextTick, process, [then]),
  setImmediate,
  setTimeout,
  clearTimeout,
  writeSync: fs.writeSync,
  nowMs: Date.now,
  isoTime: () => dateToIso(new OwnDate()),
  wait: Atomics.wait,
  exit: (/** @type {number} */ status) => apply(processExit, process, [status]),
};
