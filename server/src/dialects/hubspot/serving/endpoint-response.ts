// Turns a function's response into the HTTP response of its caller. The runtime has given it its shape
// (runtimes/node/response.cjs); it runs beside the function's code, so everything is checked here again.
// Pure. What the page leaves open is decided in docs/hubspot.md. Header lines can't be forged: a name or
// value that HTTP doesn't allow makes the whole response a mistake.
import {
  type AnswerHeaders,
  excessOf,
  excessOfMap,
  type HttpAnswer,
  putHeaders,
} from '../../../http/http-answer.ts';

/** Either a response or what is wrong with the result, as a sentence. */
export type EndpointResponse = { response: HttpAnswer } | { mistake: string };

/** As HubSpot's local server: a text is a page unless the function says otherwise. */
const TYPE_OF: Record<string, string | null> = {
  none: null,
  text: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  bytes: 'application/octet-stream',
};

/** @param json the function's result */
export function endpointResponse(json: Buffer): EndpointResponse {
  let result: unknown;
  try {
    result = JSON.parse(json.toString());
  } catch {
    return { mistake: 'the result is not JSON' };
  }
  if (!isObject(result)) return { mistake: 'the function gave no response' };
  const { statusCode, body, bodyType, isBase64 } = result;
  if (!isStatus(statusCode)) return { mistake: 'statusCode must be an integer from 200 to 599' };
  const type = typeof bodyType === 'string' ? TYPE_OF[bodyType] : undefined;
  if (typeof body !== 'string' || type === undefined)
    return { mistake: 'the response has a body of no known kind' };
  const headers = headersOf(result.headers, result.multiValueHeaders);
  if (typeof headers === 'string') return { mistake: headers };
  const given = headers['content-type'] ?? (isBase64 === true && type !== null ? TYPE_OF.bytes : type);
  if (given !== null && given !== undefined) headers['content-type'] = withCharset(given, isBase64 === true);
  return {
    response: { status: statusCode, headers, body: isBase64 === true ? Buffer.from(body, 'base64') : body },
  };
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
}

/** What is sent of a text is UTF-8: a type that doesn't say so would be read as something else. */
function withCharset(given: string | string[], isBytes: boolean): string {
  const type = Array.isArray(given) ? (given.at(-1) ?? '') : given;
  return /^text\//i.test(type) && !isBytes && !/;\s*charset=/i.test(type) ? `${type}; charset=utf-8` : type;
}

/** Both maps together: a header is in one of them; or a sentence. */
function headersOf(single: unknown, multi: unknown): AnswerHeaders | string {
  const headers = Object.create(null) as AnswerHeaders;
  for (const map of [single, multi]) {
    if (!isObject(map)) return 'headers must be an object';
    const mistake = excessOfMap(map) ?? putHeaders(headers, Object.entries(map).map(withAsciiUrl));
    if (mistake !== null) return mistake;
  }
  return excessOf(headers) ?? headers;
}

function withAsciiUrl([name, value]: [string, unknown]): [string, unknown] {
  if (name.toLowerCase() !== 'location') return [name, value];
  return [name, [value].flat().map((one) => (one === null ? null : asciiUrl(String(one))))];
}

/** Other letters are encoded, as browsers do; control characters stay, to be refused. */
function asciiUrl(url: string): string {
  return url.replace(/[\u0080-\uffff]+/g, (text) => encodeURIComponent(text.toWellFormed()));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
