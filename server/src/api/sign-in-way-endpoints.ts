// GET /session/ways: in which ways people can sign in here, so that the page offers those alone. Says nothing
// of any person. At the console's host alone.
import { z } from 'zod';
import type { ConsoleAccess } from '../people/console-access.ts';
import type { OpenEndpoint } from './millrace-api.ts';

type Parts = {
  access: ConsoleAccess;
  /** Whether the operator has named a provider. */
  hasProvider: boolean;
  /** Whether links for a new password can be mailed. */
  sendsMail: boolean;
};

const waysSchema = z.object({
  openid: z.boolean().describe('by the provider of the operator: GET /session/openid'),
  password_links: z.boolean().describe('whether POST /password-links sends mails'),
});

export function signInWayEndpoints({ access, hasProvider, sendsMail }: Parts): OpenEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/session/ways',
      summary: 'Ways to sign in besides passwords and passkeys',
      permit: 'anyone',
      response: waysSchema,
      answer: async (request) => {
        access.requireOwn(request);
        return { openid: hasProvider, password_links: sendsMail };
      },
    },
  ];
}
