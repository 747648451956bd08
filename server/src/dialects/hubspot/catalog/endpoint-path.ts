// Which endpoint path a request's address means, and what its `Allow` header says. Pure. Which endpoint a
// path means is decided in endpoint.ts. Called by the door and by the report of a move.
import { trimSlashes } from './endpoint.ts';

/** The two addresses that sites call endpoints at: the design manager's and the projects'. */
export const ENDPOINT_PREFIXES = ['/_hcms/api', '/hs/serverless'] as const;

const ABOVE = /(^|\/)\.{1,2}(\/|$)/;

/** Whether a path has a segment of dots, which clients and proxies take away before they ask. */
export function leadsAbove(path: string): boolean {
  return ABOVE.test(path);
}

/**
 * @param pathname path of the request, as sent, without its query
 * @returns the endpoint's path, decoded, without a slash at either end; null where it can't be one
 */
export function endpointPathOf(pathname: string): string | null {
  const below = belowPrefix(pathname);
  const decoded = below === null ? null : decode(below);
  if (decoded === null || decoded.includes('\0') || leadsAbove(decoded)) return null;
  const path = trimSlashes(decoded);
  return path === '' ? null : path;
}

/** What functions see as `context.endpoint`: path and query below the prefix, as sent. */
export function endpointOf(url: string): string {
  return belowPrefix(url) ?? url;
}

/** Two segments, each of which may be written with escapes. */
const PREFIX = /^\/([^/?]+)\/([^/?]+)\//;

function belowPrefix(url: string): string | null {
  const match = PREFIX.exec(url);
  const prefix = match === null ? null : decode(`/${match[1]}/${match[2]}`)?.toLowerCase();
  const isOurs = ENDPOINT_PREFIXES.some((one) => one === prefix);
  return match === null || !isOurs ? null : url.slice(match[0].length);
}

/** For `Allow` and `Access-Control-Allow-Methods`: GET brings HEAD along, OPTIONS is always answered. */
export function allowedMethods(methods: readonly string[]): string {
  const head = methods.includes('GET') ? ['HEAD'] : [];
  return [...new Set([...methods, ...head, 'OPTIONS'])].join(', ');
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
