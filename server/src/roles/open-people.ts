// Puts together the people: how they sign in, what their sessions open, and the sweep of what is over.

import { deviceEndpoints, openDeviceEndpoints } from '../api/device-endpoints.ts';
import { invitationEndpoints } from '../api/invitation-endpoints.ts';
import { linkEndpoints } from '../api/link-endpoints.ts';
import type { ApiEndpoint, OpenEndpoint } from '../api/millrace-api.ts';
import { OPENID_RETURN, openidEndpoints } from '../api/openid-endpoints.ts';
import { operatorUserEndpoints } from '../api/operator-user-endpoints.ts';
import { passkeyEndpoints } from '../api/passkey-endpoints.ts';
import { openPortalEndpoints, portalEndpoints } from '../api/portal-endpoints.ts';
import { isRunId } from '../api/run-id.ts';
import { secondFactorEndpoints } from '../api/second-factor-endpoints.ts';
import { sessionEndpoints } from '../api/session-endpoints.ts';
import { openSetUpEndpoints, setUpEndpoints } from '../api/set-up-endpoints.ts';
import { signInWayEndpoints } from '../api/sign-in-way-endpoints.ts';
import { userEndpoints } from '../api/user-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { type ConsoleAccess, createConsoleAccess } from '../people/console-access.ts';
import { createDeviceSignIn } from '../people/device-sign-in.ts';
import { createInvitations } from '../people/invitations.ts';
import { createOpenidSignOn } from '../people/openid-sign-on.ts';
import { createPasskeys } from '../people/passkeys.ts';
import { createPasswordChanges } from '../people/password-changes.ts';
import { createPasswords } from '../people/passwords.ts';
import { createPeopleAudit } from '../people/people-audit.ts';
import { createPeopleMail } from '../people/people-mail.ts';
import { startPeopleSweeper } from '../people/people-sweeper.ts';
import { PEOPLE_CHANNEL } from '../people/person-store.ts';
import { createPortalAccess } from '../people/portal-access.ts';
import { findPortalSession } from '../people/portal-store.ts';
import { createPortals } from '../people/portals.ts';
import { createSecondFactors } from '../people/second-factors.ts';
import { openSecretDirectory } from '../people/session-directory.ts';
import { useSession } from '../people/session-store.ts';
import { createSignIn } from '../people/sign-in.ts';
import { findRun } from '../runs/run-store.ts';
import type { Platform } from './platform.ts';

type Parts = Pick<
  Platform,
  'config' | 'database' | 'hearing' | 'log' | 'endings' | 'sendOwnMail' | 'recorder' | 'keys' | 'threads'
> & {
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
  recorder,
  keys,
  threads,
  operatorAccountId,
}: Parts): OpenedPeople {
  const { sessionIdleMinutes, sessionHours } = config.limits;
  const life = { idleS: sessionIdleMinutes * 60, mostS: sessionHours * 3_600 };
  const clock = systemClock;
  const sessions = openSecretDirectory({ clock, ask: (hash) => useSession(database, hash, life) });
  const portalSessions = openSecretDirectory({ clock, ask: (hash) => findPortalSession(database, hash) });
  for (const { forget } of [sessions, portalSessions]) hearing.on(PEOPLE_CHANNEL, forget, forget);
  const portalAccess = createPortalAccess({
    sessions: portalSessions,
    async functionOfRun(world, runId) {
      if (!isRunId(runId)) return null;
      await recorder.flush();
      return (await findRun(database, world, runId))?.functionId ?? null;
    },
  });
  const sweeper = startPeopleSweeper({
    ...{ sql: database, life, log },
    audit: { days: config.limits.auditRetentionDays, signInDays: config.limits.signInRetentionDays },
  });
  endings.push(() => sweeper.stop());
  const access = createConsoleAccess({
    ...{ consoleUrl: config.consoleUrl, sessions, portals: portalAccess, operatorAccountId },
  });
  const passwords = createPasswords();
  const audit = createPeopleAudit(clock);
  const onError = (error: unknown): void =>
    log.warn({ err: error }, 'a refused try to sign in could not be kept');
  const secondFactors = createSecondFactors({ database, clock, keys, operatorAccountId });
  const signIn = createSignIn({ database, clock, passwords, life, audit, secondFactors, onError });
  const mail = createPeopleMail(database, sendOwnMail);
  const { consoleUrl } = config;
  const portals = createPortals(database, consoleUrl);
  const origins = config.portalOrigins;
  const portalParts = { database, portals, access, portalAccess, signIn, origins, operatorAccountId };
  const invitations = createInvitations({ database, passwords, mail, signIn, consoleUrl });
  const passwordChanges = createPasswordChanges({
    ...{ database, clock, passwords, mail, signIn, audit, consoleUrl },
    onError: (error) => log.warn({ err: error }, 'a link for a new password could not be sent'),
  });
  const { openidIssuer: issuer, openidClientId: clientId, openidClientSecret: clientSecret } = config;
  const signOn =
    issuer === null || clientId === null || clientSecret === null
      ? null
      : createOpenidSignOn({
          settings: {
            issuer,
            clientId,
            clientSecret,
            claim: config.openidClaim,
            roles: config.openidRoles,
            trustsEmail: config.openidTrustEmail,
          },
          ...{ redirectUri: `${consoleUrl}${OPENID_RETURN}`, database, keys, signIn, operatorAccountId },
        });
  const devices = createDeviceSignIn({ database, clock, signIn });
  const passkeys = createPasskeys({ database, threads, signIn, audit, consoleUrl });
  const userParts = { database, passwordChanges, secondFactors, audit, life, operatorAccountId };
  return {
    access,
    endpoints: [
      ...setUpEndpoints({ database, passwords, operatorAccountId }),
      ...deviceEndpoints({ devices }),
      ...portalEndpoints(portalParts),
      ...invitationEndpoints({ database, invitations, operatorAccountId }),
      ...userEndpoints(userParts),
      ...operatorUserEndpoints(userParts),
    ],
    open: [
      ...sessionEndpoints({ database, access, signIn, audit, life, operatorAccountId }),
      ...secondFactorEndpoints({ database, access, signIn, passwordChanges, secondFactors, audit }),
      ...passkeyEndpoints({ database, access, passkeys, passwordChanges, audit, life }),
      ...openidEndpoints({ access, signOn, consoleUrl, life }),
      ...signInWayEndpoints({ access, hasProvider: signOn !== null, sendsMail: mail.sends }),
      ...openDeviceEndpoints({ devices, access, consoleUrl }),
      ...openPortalEndpoints(portalParts),
      ...openSetUpEndpoints({ database, passwords, operatorAccountId, access, signIn, life }),
      ...linkEndpoints({ access, signIn, invitations, passwordChanges, life }),
    ],
  };
}
