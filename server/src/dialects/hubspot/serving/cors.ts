// Which pages of other origins may read an endpoint's answers: the headers that say so. Pure. A function's
// own Access-Control-Allow-Origin wins over all of this; a function that declares OPTIONS answers preflights
// itself.

export type CorsHeaders = Record<string, string>;

export type CorsRequest = {
  /** The page's origin; null: not a browser's call across origins. */
  origin: string | null;
  /** `Access-Control-Request-Headers` of a preflight. */
  requestHeaders: string | null;
  requestsPrivateNetwork: boolean;
};

const PREFLIGHT_AGE_S = 600;
const EXPOSED = 'X-Run-Id, X-HubSpot-Correlation-Id, Retry-After';

/** What every answer bears. @param origins MILLRACE_CORS_ORIGINS */
export function corsHeaders(origins: readonly string[], origin: string | null): CorsHeaders {
  if (origins.length === 0) return {};
  if (origins.includes('*')) {
    return { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED };
  }
  // Caches must not give one site's answer to another, a refusal included.
  const vary = { vary: 'Origin' };
  if (origin === null || !origins.some((allowed) => covers(allowed, origin.toLowerCase()))) return vary;
  return {
    ...vary,
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': EXPOSED,
  };
}

/** What a preflight is answered with, status 204. @param methods as in `Allow` */
export function preflightHeaders(
  origins: readonly string[],
  request: CorsRequest,
  methods: string,
): CorsHeaders {
  const headers = corsHeaders(origins, request.origin);
  if (headers['access-control-allow-origin'] === undefined) return { ...headers, allow: methods };
  return {
    ...headers,
    allow: methods,
    'access-control-allow-methods': methods,
    'access-control-max-age': String(PREFLIGHT_AGE_S),
    ...(request.requestHeaders === null ? {} : { 'access-control-allow-headers': request.requestHeaders }),
    ...(request.requestsPrivateNetwork ? { 'access-control-allow-private-network': 'true' } : {}),
  };
}

/** The function's headers, and ours where it says nothing about origins itself. */
export function withCors<Values extends Record<string, string | string[]>>(
  headers: Values,
  cors: CorsHeaders,
): Record<string, string | string[]> {
  if (headers['access-control-allow-origin'] !== undefined) return headers;
  const merged: Record<string, string | string[]> = { ...cors, ...headers };
  if (cors.vary !== undefined && headers.vary !== undefined)
    merged.vary = [headers.vary, cors.vary].flat().join(', ');
  return merged;
}

/** `https://*.example.com` covers each of its subdomains, not itself. */
function covers(allowed: string, origin: string): boolean {
  if (allowed === origin) return true;
  const [scheme, host] = allowed.split('://*.');
  if (host === undefined) return false;
  const start = `${scheme}://`;
  return origin.startsWith(start) && origin.endsWith(`.${host}`) && !origin.slice(start.length).includes('/');
}
