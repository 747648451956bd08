// Makes the `context` of a call: what a function sees as its first argument. Pure. Sources: the page (seed
// 002), and docs/specs/hubspot.md 3.1, where production is the target; what neither says is decided in
// docs/hubspot.md.
import type { EndpointBody } from './endpoint-body.ts';
import { addPairs, newParams, type Params } from './endpoint-params.ts';

/**
 * Who visits the site, where that is known. `vid`, `isLoggedIn` and `listMemberships` stand beside basic
 * properties.
 */
export type Contact = {
  vid: number;
  isLoggedIn: boolean;
  listMemberships: number[];
  [property: string]: unknown;
};

/** What an account has left in this minute. */
export type ContextLimits = { timeRemaining: number; executionsRemaining: number };

export type EndpointCall = {
  portalId: number | null;
  method: string;
  /** Path and query below the prefix, as sent: `hello?name=x`. */
  endpoint: string | null;
  /** Without `?`. */
  query: string;
  /** As Node has them: names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The real client's, whatever the headers say. */
  clientIp: string | null;
  body: EndpointBody;
  contact: Contact | null;
  secrets: Record<string, string>;
};

/**
 * @param limits those of this moment
 * @param further members of ours
 * @returns the context as JSON text
 */
export function endpointContext(
  call: EndpointCall,
  limits: ContextLimits,
  further: Record<string, unknown> = {},
): string {
  const head = JSON.stringify({
    accountId: call.portalId,
    method: call.method,
    endpoint: call.endpoint,
    params: paramsOf(call),
    headers: headersOf(call),
    contact: call.contact,
    limits,
    secrets: call.secrets,
    ...(call.body.isBase64 ? { isBase64Encoded: true } : {}),
    ...further,
  });
  return `${head.slice(0, -1)},"rawBody":${call.body.rawJson},"body":${call.body.json}}`;
}

/** The query's values first, then a posted form's. */
function paramsOf(call: EndpointCall): Params {
  const params = newParams();
  addPairs(params, call.query);
  for (const [name, values] of Object.entries(call.body.form ?? {})) {
    params[name] = [...(params[name] ?? []), ...values];
  }
  return params;
}

/** What a caller says of their own address is replaced by what is known of it. */
function headersOf({ headers, clientIp }: EndpointCall): Record<string, string> {
  const texts = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) texts[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  if (clientIp !== null) {
    texts['true-client-ip'] = clientIp;
    texts['x-forwarded-for'] = clientIp;
  }
  return texts;
}

/** @returns of the function's variables those that its endpoint names as secrets */
export function secretsOf(
  variables: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  const secrets = Object.create(null) as Record<string, string>;
  for (const name of names) {
    if (Object.hasOwn(variables, name)) secrets[name] = variables[name] as string;
  }
  return secrets;
}
