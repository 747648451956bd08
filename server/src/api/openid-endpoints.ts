// Signing in by the operator's provider: where the browser is sent, /session/openid, and where it comes back.
// At the console's host alone. What is needed in between lies in a sealed cookie, so that only the browser
// that began ends it.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import type { ConsoleAccess } from '../people/console-access.ts';
import type { OpenidSignOn } from '../people/openid-sign-on.ts';
import { clearCookie, readCookie, SESSION_COOKIE, setCookie } from '../people/session-cookie.ts';
import type { SessionLife } from '../people/session-store.ts';
import { ApiReply, type OpenEndpoint } from './millrace-api.ts';
import { fromOf } from './session-endpoints.ts';

type Parts = {
  access: ConsoleAccess;
  /** null: there is no provider. */
  signOn: OpenidSignOn | null;
  consoleUrl: string;
  life: SessionLife;
};

export const OPENID_RETURN = '/millrace/v1/session/openid/return';
const ATTEMPT_COOKIE = '__Host-millrace_openid';
const ATTEMPT_S = 600;

const text = z.string().max(4_000);

export function openidEndpoints({ access, signOn, consoleUrl, life }: Parts): OpenEndpoint[] {
  const required = (): OpenidSignOn =>
    signOn ?? fail('not_found', { message: 'this installation has no provider (MILLRACE_OPENID_ISSUER)' });
  return [
    {
      method: 'GET',
      path: '/session/openid',
      summary: 'Sends the browser to the provider, to sign in',
      permit: 'anyone',
      status: 302,
      response: z.undefined(),
      answer: async (request) => {
        access.requireHost(request);
        const { url, kept } = await required().begin(fromOf(request));
        // Lax: the browser comes back from another host.
        const cookie = setCookie(ATTEMPT_COOKIE, kept, { maxAgeS: ATTEMPT_S, sameSite: 'Lax' });
        return new ApiReply(302, { location: url }, undefined, [cookie]);
      },
    },
    {
      method: 'GET',
      path: '/session/openid/return',
      summary: 'Takes the browser back from the provider: signs in, and sends it to the console',
      permit: 'anyone',
      query: {
        ...{ code: text, state: text, iss: text, session_state: text, error: text },
        error_description: text,
      },
      status: 302,
      response: z.undefined(),
      answer: async (request) => {
        access.requireHost(request);
        const url = new URL(OPENID_RETURN, consoleUrl);
        for (const [name, value] of Object.entries(request.query)) {
          if (typeof value === 'string') url.searchParams.set(name, value);
        }
        const kept = readCookie(request.headers.cookie, ATTEMPT_COOKIE);
        const { secret } = await required().finish(url, kept, fromOf(request));
        const session = setCookie(SESSION_COOKIE, secret, { maxAgeS: life.mostS, sameSite: 'Strict' });
        const cookies = [session, clearCookie(ATTEMPT_COOKIE)];
        return new ApiReply(302, { location: `${consoleUrl}/` }, undefined, cookies);
      },
    },
  ];
}
