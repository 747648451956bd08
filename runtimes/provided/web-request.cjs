// Proxy events as HTTP requests, and responses as proxy responses. Pure. Called by web-adapter.cjs.
'use strict';

const { isUtf8 } = require('node:buffer');

/** Where events go that no HTTP request caused. */
const EVENTS_PATH = '/events';
/** They describe a connection, not a message. */
const OF_CONNECTIONS = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/**
 * @param {any} event
 * @param {Buffer} eventJson  the same as it came
 * @param {Record<string, string>} env
 */
function requestOf(event, eventJson, env) {
  if (typeof event?.httpMethod !== 'string' || typeof event.path !== 'string') {
    const headers = { 'content-type': 'application/json', 'content-length': eventJson.length };
    const path = env.AWS_LWA_PASS_THROUGH_PATH ?? EVENTS_PATH;
    return { isHttp: false, method: 'POST', path, headers, body: eventJson };
  }
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8');
  /** @type {Record<string, string | string[] | number>} */
  const headers = {};
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {}))
    if (!OF_CONNECTIONS.has(name.toLowerCase())) headers[name.toLowerCase()] = oneOrMany(values);
  headers['content-length'] = body.length;
  headers['x-amzn-request-context'] = encodeURI(JSON.stringify(event.requestContext ?? {}));
  return {
    isHttp: true,
    method: event.httpMethod,
    path: `${pathOf(event, env)}${queryOf(event)}`,
    headers,
    body,
  };
}

/** Some headers may have one value alone, and not in a list. @param {string[]} values */
function oneOrMany(values) {
  return values.length === 1 ? values[0] : values;
}

/**
 * What lies below the function's address: the whole of an address without a place for more is its root.
 * @param {{ path: string, resource?: unknown }} event
 * @param {NodeJS.ProcessEnv} env
 */
function pathOf({ path, resource }, env) {
  const base = env.AWS_LWA_REMOVE_BASE_PATH;
  if (base !== undefined) return path.startsWith(base) ? path.slice(base.length) || '/' : path;
  const isWhole = typeof resource === 'string' && resource.includes('{') && !resource.includes('{proxy+}');
  return isWhole ? '/' : path;
}

/** @param {{ multiValueQueryStringParameters?: Record<string, string[]> | null }} event */
function queryOf({ multiValueQueryStringParameters: values }) {
  const query = new URLSearchParams();
  for (const [name, list] of Object.entries(values ?? {}))
    for (const value of list) query.append(name, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** @param {{ status: number, rawHeaders: string[], body: Buffer }} response */
function proxyResponseOf({ status, rawHeaders, body }) {
  /** @type {Record<string, string[]>} */
  const multiValueHeaders = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at].toLowerCase();
    if (OF_CONNECTIONS.has(name) || name === 'content-length') continue;
    multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), rawHeaders[at + 1]];
  }
  const isText = isUtf8(body);
  return {
    ...{ statusCode: status, multiValueHeaders },
    ...{ body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText },
  };
}

module.exports = { requestOf, proxyResponseOf };
