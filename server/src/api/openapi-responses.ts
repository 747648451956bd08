// What openapi.json says of answers besides their bodies: which statuses refuse a request, with which codes,
// and which headers come with an answer. Pure. Called by openapi.ts.
import { FAILURE_CODES, type FailureCode, statusOf } from '../errors/failure.ts';
import type { ApiEndpoint, OpenEndpoint } from './millrace-api.ts';

type Json = Record<string, unknown>;
type Endpoint = Pick<ApiEndpoint | OpenEndpoint, 'method' | 'path' | 'permit' | 'body' | 'query' | 'isPaged'>;

const NAMES: Record<number, [name: string, description: string]> = {
  400: ['BadRequest', 'The request breaks a rule: `field` names where'],
  401: ['Unauthorized', 'No token, or session, that counts'],
  403: ['Forbidden', 'It is not permitted, or the account is not served'],
  404: ['NotFound', 'There is no such thing in this account and mode'],
  409: ['Conflict', 'There is one already, or as many as there may be'],
  412: ['PreconditionFailed', 'Something else is there than `If-Match` says'],
  413: ['TooLarge', 'The body is larger than it may be'],
  415: ['UnsupportedMediaType', 'The body is of a type that is not taken here'],
  422: ['InvalidState', 'What is asked for does not fit what is there'],
  429: ['TooMany', 'More than the caller, or the account, may: try again later'],
};

const RETRY_AFTER: Json = {
  'Retry-After': { description: 'seconds, where they are known', schema: { type: 'integer', minimum: 0 } },
};

/** By name, for `components`. */
export function failureResponses(): Json {
  const refusals = Object.entries(NAMES).map(([status, [name, description]]) => {
    const codes = FAILURE_CODES.filter((code) => statusOf(code) === Number(status));
    const headers = status === '429' ? { headers: RETRY_AFTER } : {};
    return [name, { description, ...headers, content: contentOf(codes) }];
  });
  const others = FAILURE_CODES.filter((code) => statusOf(code) >= 500);
  const failed = {
    description: 'It failed here, or a function is paused',
    headers: RETRY_AFTER,
    content: contentOf(others),
  };
  return { ...Object.fromEntries(refusals), Failed: failed };
}

/** @param takesTag whether `If-Match` is taken */
export function refusalsOf(endpoint: Endpoint, takesTag: boolean): Json {
  const { method, path, permit, body, query, isPaged } = endpoint;
  const isChange = method !== 'GET';
  const statuses = [
    ...(isChange || query !== undefined || isPaged === true ? [400] : []),
    ...[401, 403],
    ...(path.includes(':') ? [404] : []),
    ...(isChange ? [409, 422] : []),
    ...(takesTag ? [412] : []),
    ...(body === undefined ? [] : [413, 415]),
    429,
  ];
  const isOpen = permit === 'anyone';
  // Of an address that anyone may call, 400 says what is wrong with what was sent.
  const told = isOpen ? [...new Set([400, ...statuses])] : statuses;
  const refs = told.map((status) => [status, ref(NAMES[status]?.[0] ?? '')]);
  return { ...Object.fromEntries(refs), default: ref('Failed') };
}

/** Of an answer that isn't a refusal. */
export function headersOf(status: number, kind: { isTagged: boolean; takesKey: boolean }): Json {
  const text = (description: string): Json => ({ description, schema: { type: 'string' } });
  return {
    ...(status === 201 ? { Location: text('where it is found, if it has an address') } : {}),
    ...(status === 302 ? { Location: text('where the browser goes on') } : {}),
    ...(kind.isTagged ? { ETag: text('of what is there, for `If-Match` and `If-None-Match`') } : {}),
    ...(kind.takesKey
      ? { 'Idempotent-Replayed': text('`true`: the answer to the first request with this key') }
      : {}),
  };
}

function ref(name: string): Json {
  return { $ref: `#/components/responses/${name}` };
}

function contentOf(codes: readonly FailureCode[]): Json {
  return {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error'],
        properties: { error: { ...ERROR, properties: { code: { enum: codes }, ...ERROR.properties } } },
      },
    },
  };
}

const ERROR = {
  type: 'object',
  required: ['code', 'message', 'reference'],
  properties: {
    message: { type: 'string' },
    field: { type: 'string', description: 'the field at fault, where there is one' },
    facts: { type: 'object', description: 'figures that belong to the message, where there are some' },
    reference: { type: 'string', description: "joins the answer to its line in the server's log" },
  },
};
