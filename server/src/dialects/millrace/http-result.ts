// Reads what a function returned as the answer to its caller, as Lambda function URLs do: an object with a
// statusCode is a response, any other JSON is the body of a 200. Also reads what the convention with
// sendResponse makes of a response (runtimes/node/response.cjs). Pure.
import {
  type AnswerHeaders,
  excessOf,
  excessOfMap,
  type HttpAnswer,
  putHeader,
  putHeaders,
} from '../../http/http-answer.ts';

/** Either an answer or what is wrong with the result, as a sentence. */
export type HttpResult = { answer: HttpAnswer } | { mistake: string };

const JSON_TYPE = 'application/json';
/** By the kind of body that was given to sendResponse. */
const TYPE_OF: Record<string, string | null> = {
  none: null,
  text: 'text/plain; charset=utf-8',
  json: JSON_TYPE,
  bytes: 'application/octet-stream',
};

/** @param json the function's result */
export function httpResult(json: Buffer): HttpResult {
  const text = json.toString();
  // Most results that are no response are known by that; they are sent as they are.
  const result: unknown = text.includes('"statusCode"') ? JSON.parse(text) : null;
  if (!isObject(result) || result.statusCode === undefined) {
    return {
      answer: { status: 200, headers: { 'content-type': JSON_TYPE }, body: text === '' ? 'null' : text },
    };
  }
  const status = statusOf(result.statusCode);
  if (status === null) return { mistake: 'statusCode must be an integer from 200 to 599' };
  const { body } = result;
  if (typeof body !== 'string' && body !== null && body !== undefined)
    return { mistake: 'body must be a text or null: write JSON with JSON.stringify' };
  const headers = headersOf(result);
  if (typeof headers === 'string') return { mistake: headers };
  const isBase64 =
    result.isBase64Encoded === true || (result.bodyType !== undefined && result.isBase64 === true);
  return { answer: { status, headers, body: isBase64 ? Buffer.from(body ?? '', 'base64') : (body ?? '') } };
}

function statusOf(value: unknown): number | null {
  const status = typeof value === 'string' && /^[0-9]{3}$/.test(value) ? Number(value) : value;
  const isStatus = typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599;
  return isStatus ? status : null;
}

/** @returns a sentence where HTTP doesn't allow them */
function headersOf(result: Record<string, unknown>): AnswerHeaders | string {
  const headers: AnswerHeaders = {};
  const type = typeof result.bodyType === 'string' ? TYPE_OF[result.bodyType] : JSON_TYPE;
  if (type !== null && type !== undefined) headers['content-type'] = type;
  for (const map of [result.headers, result.multiValueHeaders]) {
    if (map === undefined || map === null) continue;
    if (!isObject(map)) return 'headers must be an object';
    const mistake = excessOfMap(map) ?? putHeaders(headers, Object.entries(map));
    if (mistake !== null) return mistake;
  }
  return addCookies(headers, result.cookies) ?? excessOf(headers) ?? headers;
}

/** Beside those that the headers set. @returns null, or what is wrong */
function addCookies(headers: AnswerHeaders, cookies: unknown): string | null {
  if (cookies === undefined || cookies === null) return null;
  if (!Array.isArray(cookies) || !cookies.every((one) => typeof one === 'string'))
    return 'cookies must be a list of texts';
  const excess = excessOfMap({ cookies });
  if (excess !== null) return excess;
  const all = [headers['set-cookie'] ?? [], cookies].flat();
  return putHeader(headers, 'Set-Cookie', all) ? null : 'cookies hold a value that HTTP does not allow';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
