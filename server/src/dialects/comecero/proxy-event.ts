// Turns an HTTP call into the event that a hosted function receives: API Gateway's proxy event, version 1.0,
// with the three headers that Comecero adds. Pure. Source: the tutorial page, docs/specs/comecero.md 2.4 and
// docs/specs/lambda.md 9. What is absent is null, never empty: `JSON.parse(null)` is null while
// `JSON.parse('')` throws.
import { isUtf8 } from 'node:buffer';
import type { Mode } from '../../accounts/account.ts';
import type { HttpRequestFacts } from '../../runs/run-input.ts';
import { isMadeToken } from '../../tokens/token-format.ts';

/**
 * What let the caller in: the platform's token, which no function sees; or that they know the address, where
 * what they send as a token is between them and the function, unless it is one of ours all the same.
 */
export type Admission = 'token' | 'address';

export type ProxyCall = {
  admission: Admission;
  functionId: string;
  accountId: string;
  mode: Mode;
  runId: string;
};

type Multi = Record<string, string[]>;
type Single = Record<string, string>;

const RESOURCE = '/func/v1/{hosted_function_id}';
/** Bodies of these types are handed over in base64 even where their bytes happen to be text. */
const BINARY_TYPE =
  /^(image|audio|video|font)\/(?!svg)|^application\/(octet-stream|pdf|zip|gzip|x-gzip|x-tar|wasm)\b/i;

/** @returns the event as JSON text */
export function proxyEvent(request: HttpRequestFacts, call: ProxyCall): string {
  const { headers, multiValueHeaders, contentType, userAgent } = headersOf(request, call);
  const multiValueQuery = queryOf(request.query, call.admission);
  const body = bodyOf(request, contentType);
  return JSON.stringify({
    resource: RESOURCE,
    path: request.path,
    httpMethod: request.method,
    headers,
    multiValueHeaders,
    queryStringParameters: multiValueQuery === null ? null : lastValues(multiValueQuery),
    multiValueQueryStringParameters: multiValueQuery,
    pathParameters: { hosted_function_id: call.functionId },
    stageVariables: null,
    requestContext: requestContext(request, call, userAgent),
    ...body,
  });
}

type EventHeaders = {
  /** Of each the last value. */
  headers: Single;
  multiValueHeaders: Multi;
  contentType: string | null;
  userAgent: string | null;
};

/**
 * Header names as the caller spelled them (the first spelling where they used several), without the
 * platform's token, with the three `X-` headers, which a caller can't forge. In one pass: every call has
 * some.
 */
function headersOf({ rawHeaders }: HttpRequestFacts, call: ProxyCall): EventHeaders {
  const [headers, multiValueHeaders]: [Single, Multi] = [{}, {}];
  const spelling = new Map<string, string>();
  const add = (name: string, lower: string, value: string): void => {
    const known = spelling.get(lower);
    if (known === undefined) {
      spelling.set(lower, name);
      put(multiValueHeaders, name, [value]);
      put(headers, name, value);
      return;
    }
    multiValueHeaders[known]?.push(value);
    put(headers, known, value);
  };
  let [contentType, userAgent]: (string | null)[] = [null, null];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    const value = rawHeaders[at + 1] as string;
    const lower = name.toLowerCase();
    if (isPlatformHeader(lower, value, call.admission)) continue;
    add(name, lower, value);
    if (lower === 'content-type') contentType = value;
    else if (lower === 'user-agent') userAgent = value;
  }
  add('X-Account-Id', 'x-account-id', call.accountId);
  add('X-Test', 'x-test', call.mode === 'test' ? 'true' : 'false');
  add('X-Hosted-Function-Id', 'x-hosted-function-id', call.functionId);
  return { headers, multiValueHeaders, contentType: contentType ?? null, userAgent: userAgent ?? null };
}

/**
 * Whether a header is ours to set, or to read, and no affair of the function.
 * @param lower its name in lower case
 */
export function isPlatformHeader(lower: string, value: string, admission: Admission): boolean {
  if (lower === 'authorization') {
    const bearer = /^bearer\s+(.*)/is.exec(value)?.[1];
    return bearer !== undefined && isPlatformToken(bearer.trim(), admission);
  }
  return lower === 'x-account-id' || lower === 'x-test' || lower === 'x-hosted-function-id';
}

function isPlatformToken(text: string, admission: Admission): boolean {
  return admission === 'token' || isMadeToken(text);
}

/** Decoded once, without the platform's `token`. Null when nothing is left. */
function queryOf(query: string, admission: Admission): Multi | null {
  if (query === '') return null;
  const values: Multi = {};
  let isEmpty = true;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === 'token' && isPlatformToken(value, admission)) continue;
    isEmpty = false;
    if (Object.hasOwn(values, name)) values[name]?.push(value);
    else put(values, name, [value]);
  }
  return isEmpty ? null : values;
}

function bodyOf(
  { body, isBase64 }: HttpRequestFacts,
  contentType: string | null,
): { body: string | null; isBase64Encoded: boolean } {
  if (body === null || body === '') return { body: null, isBase64Encoded: false };
  const isBinary = contentType !== null && BINARY_TYPE.test(contentType);
  if (!isBase64) {
    return isBinary
      ? { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
      : { body, isBase64Encoded: false };
  }
  // An input that its owner has edited may say so of a text.
  const bytes = Buffer.from(body, 'base64');
  return isBinary || !isUtf8(bytes)
    ? { body: bytes.toString('base64'), isBase64Encoded: true }
    : { body: bytes.toString('utf8'), isBase64Encoded: false };
}

function requestContext(
  request: HttpRequestFacts,
  call: ProxyCall,
  userAgent: string | null,
): Record<string, unknown> {
  return {
    accountId: call.accountId,
    apiId: call.functionId,
    resourceId: call.functionId,
    resourcePath: RESOURCE,
    stage: call.mode,
    requestId: call.runId,
    httpMethod: request.method,
    path: request.path,
    protocol: `HTTP/${request.httpVersion}`,
    requestTime: commonLogTime(request.receivedAtMs),
    requestTimeEpoch: request.receivedAtMs,
    identity: { sourceIp: request.ip, userAgent },
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Calls come many to a second. */
let lastTime = { second: -1, text: '' };

/** API Gateway's `requestTime`: `09/Apr/2015:12:34:56 +0000`. */
function commonLogTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastTime.second) lastTime = { second, text: logTimeOf(new Date(ms)) };
  return lastTime.text;
}

function logTimeOf(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}

/**
 * Sets a member whatever its name: a header called __proto__ is a header. Plain assignment is many times
 * faster.
 */
function put<Value>(target: Record<string, Value>, name: string, value: Value): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** "Last value wins". */
function lastValues(multi: Multi): Single {
  const single: Single = {};
  for (const [name, values] of Object.entries(multi)) {
    put(single, name, values.at(-1) as string);
  }
  return single;
}
