// What a handler gave to sendResponse, or returned, made into one shape: {statusCode, headers,
// multiValueHeaders, body, bodyType, isBase64}. Names of headers are in lower case, each in one of the two
// maps. Pure; called by the convention that has responses. What HTTP doesn't allow in a header, the server
// finds.
'use strict';

const { RuntimeError, messageOf } = require('./error-object.cjs');
const own = require('./own-copies.cjs');

/**
 * @typedef {object} Response
 * @property {number} statusCode
 * @property {Record<string, string>} headers
 * @property {Record<string, string[]>} multiValueHeaders
 * @property {string} body
 * @property {'none' | 'text' | 'json' | 'bytes'} bodyType  what it was before it was text
 * @property {boolean} isBase64
 */

const MEMBERS = ['statusCode', 'body', 'headers', 'multiValueHeaders'];
const COOKIE = 'set-cookie';

/**
 * @param {any} value  that a handler returned
 * @returns {boolean} whether it can be meant as a response: a timer or a request in hand is none
 */
function isPlain(value) {
  if (value === undefined || typeof value === 'function') return false;
  if (value === null || typeof value !== 'object' || own.isArray(value) || own.bytesOf(value) !== null)
    return true;
  return hasNoClass(value);
}

/** @param {object} value */
function hasNoClass(value) {
  const prototype = own.getPrototypeOf(value);
  return prototype === own.objectPrototype || prototype === null;
}

/**
 * @param {any} value  plain
 * @returns {boolean} whether it can't be anything but a response
 */
function isResponseLike(value) {
  return isObject(value) && (own.hasOwn(value, 'statusCode') || own.hasOwn(value, 'body'));
}

/**
 * @param {any} given  an object without any member of a response is itself the body
 * @returns {Response}
 * @throws {RuntimeError} Function.MalformedResponse, or what a body can't be written as JSON for
 */
function toResponse(given) {
  const response = isResponse(given) ? given : { body: given };
  const statusCode = toStatusCode(response.statusCode);
  const multi = toLists(response.headers, response.multiValueHeaders);
  addCookies(multi, response);
  return { statusCode, ...byNumber(multi), ...toBody(response) };
}

/** @param {any} given */
function isResponse(given) {
  if (!isObject(given)) return false;
  const names = own.keysOf(given);
  for (let i = 0; i < names.length; i++) {
    if (isMember(names[i])) return true;
  }
  return false;
}

/** @param {string} name */
function isMember(name) {
  for (let i = 0; i < MEMBERS.length; i++) if (name === MEMBERS[i]) return true;
  return own.toLowerCase(name) === COOKIE;
}

/** @param {any} value */
function isObject(value) {
  return value !== null && typeof value === 'object' && !own.isArray(value) && own.bytesOf(value) === null;
}

/** @param {any} given */
function toStatusCode(given) {
  if (given === undefined || given === null) return 200;
  const isNumber =
    typeof given === 'number' || (typeof given === 'string' && own.test(/^\s*[0-9]{3}\s*$/, given));
  const statusCode = isNumber ? +given : 0;
  if (own.isSafeInteger(statusCode) && statusCode >= 200 && statusCode <= 599) return statusCode;
  throw malformed(`statusCode must be a number from 200 to 599, not ${shown(given)}`);
}

/**
 * @param {any} single
 * @param {any} multi   wins where both have a header, but cookies add up
 * @returns {Record<string, string[]>}
 */
function toLists(single, multi) {
  const lists = /** @type {any} */ ({ __proto__: null });
  addHeaders(lists, single, 'headers');
  addHeaders(lists, multi, 'multiValueHeaders');
  return lists;
}

/**
 * @param {Record<string, string[]>} lists
 * @param {any} given
 * @param {string} what  the given is called
 */
function addHeaders(lists, given, what) {
  if (given === undefined || given === null) return;
  if (!isObject(given)) throw malformed(`${what} must be an object, not ${shown(given)}`);
  const names = own.keysOf(given);
  for (let i = 0; i < names.length; i++) {
    const values = toTexts(given[names[i]], `${what}['${names[i]}']`);
    const name = own.toLowerCase(names[i]);
    lists[name] = name === COOKIE ? joined(lists[name] ?? [], values) : values;
  }
}

/**
 * The documented example puts cookies beside the body, not among the headers.
 * @param {Record<string, string[]>} lists
 * @param {any} response
 */
function addCookies(lists, response) {
  const names = own.keysOf(response);
  for (let i = 0; i < names.length; i++) {
    if (own.toLowerCase(names[i]) !== COOKIE) continue;
    lists[COOKIE] = joined(lists[COOKIE] ?? [], toTexts(response[names[i]], names[i]));
  }
}

/**
 * @param {string[]} first
 * @param {string[]} second
 */
function joined(first, second) {
  const all = [];
  for (let i = 0; i < first.length; i++) all[i] = first[i];
  for (let i = 0; i < second.length; i++) all[all.length] = second[i];
  return all;
}

/**
 * @param {any} value
 * @param {string} what
 * @returns {string[]} empty for nothing
 */
function toTexts(value, what) {
  if (value === undefined || value === null) return [];
  if (!own.isArray(value)) return [toText(value, what)];
  const texts = [];
  for (let i = 0; i < value.length; i++) texts[i] = toText(value[i], what);
  return texts;
}

/**
 * @param {any} value
 * @param {string} what
 */
function toText(value, what) {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  throw malformed(`${what} must be text, not ${shown(value)}`);
}

/** @param {Record<string, string[]>} lists */
function byNumber(lists) {
  const headers = {};
  const multiValueHeaders = {};
  const names = own.keysOf(lists);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const values = lists[name];
    if (values.length > 1) own.defineProperty(multiValueHeaders, name, member(values));
    else if (values.length === 1) own.defineProperty(headers, name, member(values[0]));
  }
  return { headers, multiValueHeaders };
}

/** @param {unknown} value */
function member(value) {
  return { value, enumerable: true, configurable: true, writable: true };
}

/**
 * @param {any} response
 * @returns {Pick<Response, 'body' | 'bodyType' | 'isBase64'>}
 */
function toBody({ body, isBase64Encoded }) {
  if (body === undefined || body === null) return { body: '', bodyType: 'none', isBase64: false };
  if (typeof body === 'string') return { body, bodyType: 'text', isBase64: isBase64Encoded === true };
  const bytes = own.bytesOf(body);
  if (bytes !== null) return { body: own.bytesToBase64(bytes), bodyType: 'bytes', isBase64: true };
  return { body: toJson(body), bodyType: 'json', isBase64: false };
}

/** @param {any} body */
function toJson(body) {
  let json;
  try {
    json = own.stringifyJson(body);
  } catch (error) {
    const message = `the response's body can't be written as JSON: ${messageOf(error)}`;
    throw new RuntimeError('Function.UnserializableResponse', message);
  }
  if (json !== undefined && !isLost(body, json)) return json;
  throw malformed(`body must be text, bytes or something that JSON holds, not ${shown(body)}`);
}

/**
 * JSON makes `{}` of a promise, a Blob, a Map, an error, and a heap of innards of a stream or a query,
 * without a word.
 * @param {any} body
 * @param {string} json
 */
function isLost(body, json) {
  if (typeof body !== 'object' || own.isArray(body) || hasNoClass(body)) return false;
  if (typeof body.toJSON === 'function') return false;
  return json === '{}' || typeof body.pipe === 'function' || typeof body.then === 'function';
}

/** @param {any} value */
function shown(value) {
  if (own.isArray(value)) return 'a list';
  if (value === null || typeof value !== 'object') return own.inspect(value);
  if (typeof value.then === 'function') return 'a promise: is an await missing?';
  const name = hasNoClass(value) ? undefined : value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an object of class ${name}` : 'an object';
}

/** @param {string} problem */
function malformed(problem) {
  return new RuntimeError('Function.MalformedResponse', problem);
}

module.exports = { isPlain, isResponseLike, toResponse };
