// The installation's first person, /setup: made by the operator's token while there is nobody. Later ones are
// invited.
import { z } from 'zod';
import { readInput, storableText } from '../http/read-input.ts';
import { emailField } from '../people/email.ts';
import { type Passwords, passwordField } from '../people/passwords.ts';
import { setUpPeople } from '../people/set-up.ts';
import type { Database } from '../postgres/database.ts';
import type { ApiEndpoint } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { whoOf } from './operator-audit.ts';

export const personName = storableText(200).refine((text) => text.trim() !== '', 'must not be empty');

const firstFields = z.strictObject({ email: emailField, name: personName, password: passwordField });

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
