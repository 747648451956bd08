// Which headers go out with an answer. Pure; applied in two places: http/http-answer.ts for what functions
// answer, and http/open-http-server.ts for what the platform answers itself (http/own-answer-headers.ts).
//
//   a function, on a host that is its account's own    as the function says
//   a function, on any other host                      nosniff, unless it says so itself. Not: Service-Worker-Allowed, Clear-Site-Data,
//                                                       Strict-Transport-Security; cookies with our names; of other cookies Domain
import type { AnswerHeaders } from './http-answer.ts';
import { isOwnCookie } from './own-cookie.ts';

/** They speak for the whole host, and others answer there too. */
const FOR_THE_WHOLE_HOST = ['service-worker-allowed', 'clear-site-data', 'strict-transport-security'];

/** The one cookie of such a name that accounts make themselves: a site's login sets it. */
const MADE_BY_ACCOUNTS = 'millrace_contact';

/** @param given names in lower case */
export function headersOnSharedHost(given: AnswerHeaders): AnswerHeaders {
  const headers: AnswerHeaders = { 'x-content-type-options': 'nosniff', ...given };
  for (const name of FOR_THE_WHOLE_HOST) if (name in headers) delete headers[name];
  const cookies = headers['set-cookie'];
  if (cookies !== undefined) {
    const left = [cookies].flat().filter(maySet).map(withoutDomain);
    if (left.length === 0) delete headers['set-cookie'];
    else headers['set-cookie'] = left;
  }
  return headers;
}

function maySet(cookie: string): boolean {
  const [pair = ''] = cookie.split(';', 1);
  const [name = ''] = pair.split('=', 1);
  return name.trim() === MADE_BY_ACCOUNTS || !isOwnCookie(name.trim());
}

function withoutDomain(cookie: string): string {
  return cookie.replace(/;\s*domain\s*(=[^;]*)?(?=;|$)/gi, '');
}
