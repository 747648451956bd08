// The target of a request in its absolute form, `GET http://host/path` (RFC 9112, 3.2.2): served as its path,
// on the host that it names, whatever the Host header says. Proxies and their tests send it. Called for every
// request, before a route is looked for.
import type { IncomingMessage } from 'node:http';

/** Without a host in it, it is no address of anything (RFC 9110, 4.2.1), and stays what it is: unknown. */
const ABSOLUTE = /^https?:\/\/([^/?#]+)/i;

/** @returns path and query, as sent; the authority, where there is one, becomes the Host header */
export function withoutAuthority(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const { url = '/' } = request;
  if (url.charCodeAt(0) === 0x2f) return url;
  const match = ABSOLUTE.exec(url);
  if (match === null) return url;
  request.headers.host = match[1] as string;
  const rest = url.slice(match[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
