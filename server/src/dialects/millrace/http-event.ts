// The event of a call over HTTP: that of a Lambda function URL, payload format 2.0, so that code and
// libraries for those run as they are. Names of headers are in lower case, values of the same name joined by
// commas; what is absent is left out. Pure. Source:
// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
import type { RunFacts } from '../../runs/run-adapter.ts';
import type { HttpRequestFacts, RunInput } from '../../runs/run-input.ts';

/** Format 2.0 has a word for what API Gateway would fill in. */
const DEFAULT = '$default';

export function httpEvent(request: HttpRequestFacts, input: RunInput, facts: RunFacts): unknown {
  const headers = headersOf(request.rawHeaders);
  const cookies = cookiesOf(headers.cookie);
  const query = queryOf(request.query);
  return {
    version: '2.0',
    routeKey: DEFAULT,
    rawPath: request.path,
    rawQueryString: request.query,
    ...(cookies === null ? {} : { cookies }),
    headers,
    ...(query === null ? {} : { queryStringParameters: query }),
    requestContext: requestContext(request, input, facts, headers),
    ...(request.body === null ? {} : { body: request.body }),
    isBase64Encoded: request.body !== null && request.isBase64,
  };
}

function requestContext(
  request: HttpRequestFacts,
  { trigger, source }: RunInput,
  { fn, runId, attempt }: RunFacts,
  { host = '', 'user-agent': userAgent = '' }: Record<string, string>,
): unknown {
  const domainName = host.replace(/:[0-9]+$/, '');
  return {
    accountId: fn.accountId,
    apiId: fn.id,
    domainName,
    domainPrefix: domainName.split('.')[0],
    http: {
      method: request.method,
      path: request.path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.ip,
      userAgent,
    },
    requestId: runId,
    routeKey: DEFAULT,
    stage: DEFAULT,
    time: requestTime(new Date(request.receivedAtMs)),
    timeEpoch: request.receivedAtMs,
    // Ours: what no function URL of Lambda's has.
    millrace: { mode: fn.mode, version: fn.version, attempt, trigger: { kind: trigger, ...source } },
  };
}

function headersOf(rawHeaders: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    const value = rawHeaders[at + 1] as string;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ','}${value}`);
  }
  return Object.fromEntries(headers);
}

function cookiesOf(header: string | undefined): string[] | null {
  if (header === undefined) return null;
  return header
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');
}

function queryOf(query: string): Record<string, string> | null {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return values.size === 0 ? null : Object.fromEntries(values);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `05/Aug/2022:08:14:39 +0000` */
function requestTime(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T');
  const [year, , day] = date.split('-');
  return `${day}/${MONTHS[at.getUTCMonth()]}/${year}:${time.slice(0, 8)} +0000`;
}
