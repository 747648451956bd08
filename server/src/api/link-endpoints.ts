// What people do with links that were sent to them, and with their passwords: joins an account, asks for a
// new password, sets it. At the console's host alone.
import { z } from 'zod';
import { readInput } from '../http/read-input.ts';
import type { ConsoleAccess } from '../people/console-access.ts';
import { emailField } from '../people/email.ts';
import type { Invitations } from '../people/invitations.ts';
import type { PasswordChanges } from '../people/password-changes.ts';
import { passwordField, typedPassword } from '../people/passwords.ts';
import type { SessionLife } from '../people/session-store.ts';
import type { SignIn } from '../people/sign-in.ts';
import { ApiReply, type OpenEndpoint, type OpenRequest } from './millrace-api.ts';
import { begun, fromOf } from './session-endpoints.ts';
import { sessionSchema } from './session-view.ts';
import { personName } from './set-up-endpoints.ts';

type Parts = {
  access: ConsoleAccess;
  signIn: SignIn;
  invitations: Invitations;
  passwordChanges: PasswordChanges;
  life: SessionLife;
};

const secret = z.string('must be text').max(100).describe('what stands behind the # of the link');
const joinFields = z.strictObject({
  secret,
  password: passwordField.optional().describe('of a person who has none here yet'),
  name: personName.optional(),
});
const askFields = z.strictObject({ email: emailField });
const resetFields = z.strictObject({ secret, password: passwordField });
const changeFields = z.strictObject({
  current: typedPassword.nullable().optional().describe('left out by a person who signs in another way'),
  password: passwordField,
});

export function linkEndpoints(parts: Parts): OpenEndpoint[] {
  const { access, signIn, passwordChanges } = parts;
  return [
    {
      method: 'POST',
      path: '/invitations/accept',
      summary: 'Joins an account by the link of an invitation, and signs in',
      permit: 'anyone',
      body: joinFields,
      response: sessionSchema.nullable().describe('null where the person was signed in already'),
      answer: (request) => join(parts, request),
    },
    {
      method: 'POST',
      path: '/password-links',
      summary: 'Asks for a link to set a new password, by mail',
      permit: 'anyone',
      body: askFields,
      status: 202,
      response: z.object({ accepted: z.literal(true).describe('whether or not the address is of anybody') }),
      answer: async (request) => {
        access.requireOwn(request);
        passwordChanges.ask(
          readInput(askFields, request.body ?? {}, 'the request body').email,
          fromOf(request),
        );
        return { accepted: true };
      },
    },
    {
      method: 'POST',
      path: '/password-links/accept',
      summary: 'Sets a new password by the link; every session of the person ends',
      permit: 'anyone',
      body: resetFields,
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        access.requireOwn(request);
        const from = fromOf(request);
        signIn.requirePace(from, null);
        const asked = readInput(resetFields, request.body ?? {}, 'the request body');
        await passwordChanges.reset(asked.secret, asked.password, from);
      },
    },
    {
      method: 'PUT',
      path: '/session/password',
      summary: 'Changes your password; all your other sessions end',
      permit: 'anyone',
      needsSession: true,
      body: changeFields,
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        const session = await access.requireSession(request);
        const { current = null, password } = readInput(changeFields, request.body ?? {}, 'the request body');
        await passwordChanges.change(session, { current, password }, fromOf(request));
      },
    },
  ];
}

async function join({ access, signIn, invitations, life }: Parts, request: OpenRequest): Promise<ApiReply> {
  access.requireOwn(request);
  const from = fromOf(request);
  signIn.requirePace(from, null);
  const { secret, password, name } = readInput(joinFields, request.body ?? {}, 'the request body');
  const session = await access.findSession(request);
  const signedIn = session === null ? null : { personId: session.personId, sessionId: session.id };
  const made = await invitations.accept({ secret, password, name }, signedIn, from);
  return made === null ? new ApiReply(200, {}, null) : begun(made, life);
}
