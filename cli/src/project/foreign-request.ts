// Which requests `millrace dev` takes: those that mean this machine. A page of another site, in a browser
// here, can send requests to 127.0.0.1, too, and read the answers where its own name leads there (DNS
// rebinding). Pure.
import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * @param known names that are taken besides those of this machine, e.g. of a tunnel
 * @returns why it is refused; null: it isn't
 */
export function whyForeign(headers: IncomingHttpHeaders, known: readonly string[]): string | null {
  const isOwn = (name: string): boolean => LOOPBACK.test(name) || known.includes(name);
  const host = hostOf(`http://${headers.host ?? ''}`);
  if (!isOwn(host))
    return `it asks for ${headers.host ?? 'no host'}: add --host ${host || '<name>'} if it may`;
  const { origin } = headers;
  if (origin !== undefined) return isOwn(hostOf(origin)) ? null : `a page of ${origin} sends it`;
  // A link from elsewhere may lead here, as a sign-in does that comes back; a script or a picture may not.
  const isHidden = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
  return isHidden ? 'a page of another site sends it' : null;
}

/** Empty where there is none. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : '';
}
