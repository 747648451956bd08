// Which host names an authority can give a certificate for: those that the whole world can look up. Pure.
import { isIP } from 'node:net';

const NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 2606, RFC 6761, RFC 6762, RFC 9476 and the one that is kept for private networks. */
const OF_NOBODY = /(^|\.)(localhost|local|internal|test|example|invalid|onion|alt|arpa)$/;

export function isPublicName(host: string): boolean {
  return isIP(host) === 0 && NAME.test(host) && !OF_NOBODY.test(host);
}
