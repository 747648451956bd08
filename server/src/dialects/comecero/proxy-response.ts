// Turns what a hosted function returned into the HTTP response of its caller: API Gateway's proxy response.
// Pure. Source: docs/specs/lambda.md 9. A result of another shape is the function's mistake and becomes 502,
// with a sentence that its owner finds in the run.
import {
  type AnswerHeaders,
  excessOf,
  excessOfMap,
  type HttpAnswer,
  putHeaders,
} from '../../http/http-answer.ts';

/** Either a response or what is wrong with the result, as a sentence. */
export type ProxyResponse = { response: HttpAnswer } | { mistake: string };

/** What API Gateway answers when a function fails in whatever manner. */
export const FUNCTION_FAILED: HttpAnswer = {
  status: 502,
  headers: { 'content-type': 'application/json' },
  body: '{"message": "Internal server error"}',
};

/** @param json the function's result */
export function proxyResponse(json: Buffer): ProxyResponse {
  let result: unknown;
  try {
    result = JSON.parse(json.toString());
  } catch {
    return { mistake: 'the result is not JSON' };
  }
  if (!isObject(result)) return { mistake: 'the result must be an object with statusCode, headers and body' };
  const status = statusOf(result.statusCode);
  if (status === null) return { mistake: 'statusCode must be an integer from 200 to 599' };
  const { body } = result;
  if (typeof body !== 'string' && body !== null && body !== undefined) {
    return {
      mistake: `body must be a string or null, not ${Array.isArray(body) ? 'an array' : `a ${typeof body}`}`,
    };
  }
  const headers = headersOf(result.headers, result.multiValueHeaders);
  if (typeof headers === 'string') return { mistake: headers };
  const text = body ?? '';
  return {
    response: { status, headers, body: result.isBase64Encoded === true ? Buffer.from(text, 'base64') : text },
  };
}

/** An integer or its text. */
function statusOf(value: unknown): number | null {
  const status = typeof value === 'string' && /^[0-9]{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599
    ? status
    : null;
}

/** Both maps merged, the multi-value one wins; a sentence when either has another shape. */
function headersOf(single: unknown, multi: unknown): AnswerHeaders | string {
  if (!isAbsent(single) && !isObject(single)) return 'headers must be an object';
  if (!isAbsent(multi) && !isObject(multi)) return 'multiValueHeaders must be an object';
  const excess = excessOfMap(single ?? {}) ?? excessOfMap(multi ?? {});
  if (excess !== null) return excess;
  const headers: AnswerHeaders = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(single ?? {})) {
    if (!isHeaderValue(value)) return `the header ${name} must be a string, a number or a boolean`;
  }
  for (const [name, values] of Object.entries(multi ?? {})) {
    if (!isAbsent(values) && !(Array.isArray(values) && values.every(isHeaderValue))) {
      return `multiValueHeaders: ${name} must be an array of strings, numbers or booleans`;
    }
  }
  const mistake =
    putHeaders(headers, Object.entries(single ?? {})) ?? putHeaders(headers, Object.entries(multi ?? {}));
  return mistake ?? excessOf(headers) ?? headers;
}

function isHeaderValue(value: unknown): boolean {
  return (
    isAbsent(value) || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  );
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
