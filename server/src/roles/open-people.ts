// Puts together the people: how they sign in, what their sessions open, and the sweep of what is over.

import { linkEndpoints } from '../api/link-endpoints.ts';
import type { ApiEndpoint, OpenEndpoint } from '../api/millrace-api.ts';
import { sessionEndpoints } from '../api/session-endpoints.ts';
import { setUpEndpoints } from '../api/set-up-endpoints.ts';
import { userEndpoints } from '../api/user-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { type ConsoleAccess, createConsoleAccess } from '../people/console-access.ts';
import { createInvitations } from '../people/invitations.ts';
import { createPasswordChanges } from '../people/password-changes.ts';
import { createPasswords } from '../people/passwords.ts';
import { createPeopleAudit } from '../people/people-audit.ts';
import { createPeopleMail } from '../people/people-mail.ts';
import { startPeopleSweeper } from '../people/people-sweeper.ts';
import { PEOPLE_CHANNEL } from '../people/person-store.ts';
import { openSessionDirectory } from '../people/session-directory.ts';
import { createSignIn } from '../people/sign-in.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<Platform, 'config' | 'database' | 'hearing' | 'log' | 'endings' | 'sendOwnMail'> & {
  operatorAccountId: string;
};

export type OpenedPeople = { access: ConsoleAccess; endpoints: ApiEndpoint[]; open: OpenEndpoint[] };

export function openPeople({
  config,
  database,
  hearing,
  log,
  endings,
  sendOwnMail,
  operatorAccountId,
}: Parts): OpenedPeople {
  const { sessionIdleMinutes, sessionHours } = config.limits;
  const life = { idleS: sessionIdleMinutes * 60, mostS: sessionHours * 3_600 };
  const clock = systemClock;
  const sessions = openSessionDirectory({ sql: database, clock, life });
  hearing.on(PEOPLE_CHANNEL, sessions.forget, sessions.forget);
  const sweeper = startPeopleSweeper({ sql: database, life, log });
  endings.push(() => sweeper.stop());
  const access = createConsoleAccess({ consoleUrl: config.consoleUrl, sessions, operatorAccountId });
  const passwords = createPasswords();
  const audit = createPeopleAudit(clock);
  const onError = (error: unknown): void =>
    log.warn({ err: error }, 'a refused try to sign in could not be kept');
  const signIn = createSignIn({ database, clock, passwords, life, audit, onError });
  const mail = createPeopleMail(database, sendOwnMail);
  const { consoleUrl } = config;
  const invitations = createInvitations({ database, passwords, mail, signIn, consoleUrl });
  const passwordChanges = createPasswordChanges({
    ...{ database, passwords, mail, signIn, audit, consoleUrl },
    onError: (error) => log.warn({ err: error }, 'a link for a new password could not be sent'),
  });
  return {
    access,
    endpoints: [
      ...setUpEndpoints({ database, passwords, operatorAccountId }),
      ...userEndpoints({ database, invitations, passwordChanges, audit, life, operatorAccountId }),
    ],
    open: [
      ...sessionEndpoints({ database, access, signIn, audit, life, operatorAccountId }),
      ...linkEndpoints({ access, signIn, invitations, passwordChanges, life }),
    ],
  };
}
