// Reads a Host header, strictly and once: what isn't a host and perhaps a port is refused, so that no two
// parts of the server read two names of it. Pure. Called by request-host.ts.
import { isIPv6 } from 'node:net';

const NAMED = /^((?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63})\.?(?::([0-9]{0,5}))?$/;
const BRACKETED = /^\[([0-9a-f:.]+)\](?::([0-9]{0,5}))?$/;
const LONGEST_NAME = 253;
const HIGHEST_PORT = 65_535;

/**
 * @param header as it came
 * @returns the name in lower case, without port and without the dot at its end; empty where the header is
 * empty; null where it is no host
 */
export function hostNameOf(header: string): string | null {
  if (header === '') return '';
  const lower = header.toLowerCase();
  const bracketed = BRACKETED.exec(lower);
  const [, name = '', port = ''] = bracketed ?? NAMED.exec(lower) ?? [];
  if (name === '' || name.length > LONGEST_NAME || Number(port) > HIGHEST_PORT) return null;
  if (bracketed === null) return name;
  return isIPv6(name) ? `[${name}]` : null;
}
