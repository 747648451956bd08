// Turns an HTTP call into the event that a hosted function receives: API Gateway's proxy event, version 1.0, with the
// three headers that Comecero adds. Pure. Source: the tutorial page, docs/specs/comecero.md 2.4 and docs/specs/lambda.md 9. What is
// absent is null, never empty: `JSON.parse(null)` is null while `JSON.parse('')` throws.
import { isUtf8 } from 'node:buffer';
import type { Mode } from '../../accounts/account.ts';
import { isMadeToken } from '../../tokens/token-format.ts';

/**
 * What let the caller in: the platform's token, which no function sees; or that he knows the address, where what he sends as
 * a token is between him and the function, unless it is one of ours all the same.
 */
export type Admission = 'token' | 'address';

export type ProxyCall = {
  admission: Admission;
  functionId: string;
  accountId: string;
  mode: Mode;
  runId: string;
  method: string;
  /** Path without query, e.g. `/func/v1/<id>`. */
  path: string;
  /** Query string without its question mark, as sent. */
  query: string;
  /** Names and values in turn, spelled as the caller did: node's `rawHeaders`. */
  rawHeaders: readonly string[];
  body: Buffer | null;
  sourceIp: string;
  httpVersion: string;
  /** Unix time in ms. */
  acceptedAtMs: number;
};

type Multi = Record<string, string[]>;
type Single = Record<string, string>;

const RESOURCE = '/func/v1/{hosted_function_id}';
/** Bodies of these types are handed over in base64 even where their bytes happen to be text. */
const BINARY_TYPE =
  /^(image|audio|video|font)\/(?!svg)|^application\/(octet-stream|pdf|zip|gzip|x-gzip|x-tar|wasm)\b/i;

/** @returns the event as JSON text */
export function proxyEvent(call: ProxyCall): string {
  const multiValueHeaders = headersOf(call);
  const multiValueQuery = queryOf(call);
  const body = bodyOf(call.body, last(multiValueHeaders, 'content-type'));
  return JSON.stringify({
    resource: RESOURCE,
    path: call.path,
    httpMethod: call.method,
    headers: lastValues(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: multiValueQuery === null ? null : lastValues(multiValueQuery),
    multiValueQueryStringParameters: multiValueQuery,
    pathParameters: { hosted_function_id: call.functionId },
    stageVariables: null,
    requestContext: requestContext(call, last(multiValueHeaders, 'user-agent')),
    ...body,
  });
}

/**
 * Header names as the caller spelled them (the first spelling where he used several), without the platform's token, with
 * the three `X-` headers, which a caller can't forge.
 */
function headersOf(call: ProxyCall): Multi {
  const headers: Multi = {};
  const spelling = new Map<string, string>();
  const add = (name: string, value: string): void => {
    const lower = name.toLowerCase();
    const known = spelling.get(lower);
    if (known !== undefined) {
      headers[known]?.push(value);
      return;
    }
    spelling.set(lower, name);
    put(headers, name, [value]);
  };
  for (let at = 0; at + 1 < call.rawHeaders.length; at += 2) {
    const name = call.rawHeaders[at] as string;
    const value = call.rawHeaders[at + 1] as string;
    if (!isPlatformHeader(name, value, call.admission)) add(name, value);
  }
  add('X-Account-Id', call.accountId);
  add('X-Test', call.mode === 'test' ? 'true' : 'false');
  add('X-Hosted-Function-Id', call.functionId);
  return headers;
}

/** Whether a header is ours to set, or to read, and no affair of the function. */
export function isPlatformHeader(name: string, value: string, admission: Admission): boolean {
  const lower = name.toLowerCase();
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
function queryOf({ query, admission }: ProxyCall): Multi | null {
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
  body: Buffer | null,
  contentType: string | null,
): { body: string | null; isBase64Encoded: boolean } {
  if (body === null || body.length === 0) return { body: null, isBase64Encoded: false };
  if ((contentType !== null && BINARY_TYPE.test(contentType)) || !isUtf8(body)) {
    return { body: body.toString('base64'), isBase64Encoded: true };
  }
  return { body: body.toString('utf8'), isBase64Encoded: false };
}

function requestContext(call: ProxyCall, userAgent: string | null): Record<string, unknown> {
  return {
    accountId: call.accountId,
    apiId: call.functionId,
    resourceId: call.functionId,
    resourcePath: RESOURCE,
    stage: call.mode,
    requestId: call.runId,
    httpMethod: call.method,
    path: call.path,
    protocol: `HTTP/${call.httpVersion}`,
    requestTime: commonLogTime(call.acceptedAtMs),
    requestTimeEpoch: call.acceptedAtMs,
    identity: { sourceIp: call.sourceIp, userAgent },
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** API Gateway's `requestTime`: `09/Apr/2015:12:34:56 +0000`. */
function commonLogTime(ms: number): string {
  const at = new Date(ms);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}

/** Sets a member whatever its name: a header called __proto__ is a header. Plain assignment is many times faster. */
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

function last(multi: Multi, lowerName: string): string | null {
  const name = Object.keys(multi).find((key) => key.toLowerCase() === lowerName);
  return name === undefined ? null : (multi[name]?.at(-1) ?? null);
}
