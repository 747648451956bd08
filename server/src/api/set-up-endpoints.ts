// The installation's first person, /setup: made by the operator's token, or by the link that a start has
// shown, while there is nobody. Later ones are invited.
import { z } from 'zod';
import { readInput, storableText } from '../http/read-input.ts';
import type { ConsoleAccess } from '../people/console-access.ts';
import { emailField } from '../people/email.ts';
import { type Passwords, passwordField } from '../people/passwords.ts';
import type { SessionLife } from '../people/session-store.ts';
import { setUpByLink, setUpPeople } from '../people/set-up.ts';
import type { SignIn } from '../people/sign-in.ts';
import type { Database } from '../postgres/database.ts';
import type { ApiEndpoint, OpenEndpoint } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { whoOf } from './operator-audit.ts';
import { begun, fromOf } from './session-endpoints.ts';
import { sessionSchema } from './session-view.ts';

export const personName = storableText(200).refine((text) => text.trim() !== '', 'must not be empty');

const firstFields = z.strictObject({ email: emailField, name: personName, password: passwordField });
const linkFields = firstFields.extend({
  secret: z.string('must be text').max(100).describe('what stands behind the # of the link'),
});

type Parts = { database: Database; passwords: Passwords; operatorAccountId: string };

export function setUpEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/setup',
      summary: 'Makes the first person, who operates the installation; once',
      ...operating('create'),
      body: firstFields,
      status: 201,
      response: z.object({ user_id: z.string(), account_id: z.string(), email: z.string() }),
      answer: async (request) => {
        const asked = readInput(firstFields, request.body ?? {}, 'the request body');
        const { userId } = await setUpPeople(parts, asked, whoOf(request));
        return { user_id: userId, account_id: parts.operatorAccountId, email: asked.email };
      },
    },
  ];
}

type OpenParts = Parts & { access: ConsoleAccess; signIn: SignIn; life: SessionLife };

export function openSetUpEndpoints(parts: OpenParts): OpenEndpoint[] {
  const { access, signIn, life } = parts;
  return [
    {
      method: 'POST',
      path: '/setup/accept',
      summary: 'Makes the first person by the link that a start has shown, and signs in; once',
      permit: 'anyone',
      body: linkFields,
      response: sessionSchema,
      answer: async (request) => {
        access.requireOwn(request);
        const from = fromOf(request);
        signIn.requirePace(from, null);
        const { secret, ...first } = readInput(linkFields, request.body ?? {}, 'the request body');
        return begun(await setUpByLink(parts, secret, { first, from }), life);
      },
    },
  ];
}
