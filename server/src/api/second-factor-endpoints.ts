// The second factor of the person who is signed in, /session/second-factor: set up with the password,
// confirmed by a first code, removed with the password. An owner removes that of a person who has lost the
// device.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import type { ConsoleAccess } from '../people/console-access.ts';
import type { PasswordChanges } from '../people/password-changes.ts';
import { typedPassword } from '../people/passwords.ts';
import type { PeopleAudit } from '../people/people-audit.ts';
import type { SecondFactors } from '../people/second-factors.ts';
import type { SignIn } from '../people/sign-in.ts';
import type { Database } from '../postgres/database.ts';
import type { OpenEndpoint } from './millrace-api.ts';
import { fromOf } from './session-endpoints.ts';

type Parts = {
  database: Database;
  access: ConsoleAccess;
  signIn: SignIn;
  passwordChanges: PasswordChanges;
  secondFactors: SecondFactors;
  audit: PeopleAudit;
};

const withPassword = z.strictObject({ password: typedPassword.optional() });
const withCode = z.strictObject({ code: z.string('must be text').max(20) });
const own = { permit: 'anyone', needsSession: true } as const;
const PATH = '/session/second-factor';

export function secondFactorEndpoints(parts: Parts): OpenEndpoint[] {
  const { access, database, signIn, passwordChanges, secondFactors, audit } = parts;
  return [
    {
      method: 'POST',
      path: PATH,
      summary: 'Begins a second factor: a secret for your authenticator',
      ...own,
      body: withPassword,
      response: z.object({ secret: z.string(), url: z.string().describe('for a QR code') }),
      answer: async (request) => {
        const session = await access.requireSession(request);
        const { password = null } = readInput(withPassword, request.body ?? {}, 'the request body');
        await passwordChanges.requireCurrent(session, password, fromOf(request));
        return await secondFactors.begin(session);
      },
    },
    {
      method: 'POST',
      path: `${PATH}/confirm`,
      summary:
        'Sets the second factor up, by a first code; from now on, every sign-in by password asks for one',
      ...own,
      body: withCode,
      response: z.object({
        recovery_codes: z.array(z.string()).describe('each for one use; shown this once'),
      }),
      answer: async (request) => {
        const { personId, id: sessionId, email } = await access.requireSession(request);
        signIn.requirePace(fromOf(request), email);
        const { code } = readInput(withCode, request.body ?? {}, 'the request body');
        return await database.transaction(async (sql) => {
          const codes = await secondFactors.confirm(sql, personId, code);
          const change = { action: 'second_factor.add', personId, sessionId, address: request.ip } as const;
          await audit.changed(sql, { ...change, after: null });
          return { recovery_codes: codes };
        });
      },
    },
    {
      method: 'DELETE',
      path: PATH,
      summary: 'Removes your second factor',
      ...own,
      body: withPassword,
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        const session = await access.requireSession(request);
        const { password = null } = readInput(withPassword, request.body ?? {}, 'the request body');
        await passwordChanges.requireCurrent(session, password, fromOf(request));
        const { personId, id: sessionId } = session;
        await database.transaction(async (sql) => {
          if (!(await secondFactors.remove(sql, personId))) {
            fail('not_found', { message: 'you have no second factor' });
          }
          const change = {
            action: 'second_factor.remove',
            personId,
            sessionId,
            address: request.ip,
          } as const;
          await audit.changed(sql, { ...change, after: null });
        });
      },
    },
  ];
}
