// Makes links that open an account's console in the operator's own product, for one person and with the
// features named, and the session that opening one begins. Called by the operator's API, and by the page that
// a link opens.
import { requireActiveAccount } from '../accounts/account-status-store.ts';
import { addAuditEntry, type NewAuditEntry } from '../accounts/operator-audit-store.ts';
import { fail } from '../errors/failure.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Database } from '../postgres/database.ts';
import { announcePerson } from './person-store.ts';
import {
  deletePortalSession,
  endOldestPortalLinks,
  endOldestPortalSessions,
  insertPortalLink,
  openPortalLink,
  type PortalGrants,
  type PortalSession,
  type PortalUser,
  putPortalUser,
} from './portal-store.ts';
import { hashSecret, newSecret } from './session-cookie.ts';
import type { From } from './sign-in.ts';

/** Opened at once by the product that asks for it. */
const LINK_S = 600;
const MOST_OF_A_USER = 20;

type Asker = Pick<NewAuditEntry, 'tokenId' | 'userId' | 'sessionId' | 'address'>;
export type PortalRequest = { accountId: string; user: PortalUser; grants: PortalGrants; sessionS: number };
export type OpenedPortal = { session: PortalSession; secret: string };

export type Portals = {
  makeLink(asked: PortalRequest, asker: Asker): Promise<{ url: string; userId: string; expiresAt: Date }>;
  /** @throws Failure `not_found` for one that was opened before, or is over; both: `account_suspended` */
  open(secret: string, from: From): Promise<OpenedPortal>;
  /** @returns whether there was one */
  end(accountId: string, id: string, asker: Asker): Promise<boolean>;
};

export function createPortals(database: Database, consoleUrl: string): Portals {
  return {
    makeLink: ({ accountId, user, grants, sessionS }, asker) =>
      database.transaction(async (sql) => {
        await requireActiveAccount(sql, accountId);
        const { role } = grants;
        const userId = await putPortalUser(sql, accountId, { ...user, id: newResourceId(), role });
        const secret = newSecret();
        const link = { linkHash: hashSecret(secret), accountId, userId, grants };
        const expiresAt = await insertPortalLink(sql, link, { linkS: LINK_S, sessionS });
        await endOldestPortalLinks(sql, userId, MOST_OF_A_USER);
        const { mode, features } = grants;
        const after = { user_id: userId, external_id: user.externalId, mode, role, features };
        await addAuditEntry(sql, { ...asker, action: 'portal.link', accountId, before: null, after });
        return { url: `${consoleUrl}/portal#${secret}`, userId, expiresAt };
      }),
    open: (linkSecret, from) =>
      database.transaction(async (sql) => {
        const secret = newSecret();
        const by = { id: newResourceId(), hash: hashSecret(secret), address: from.address };
        const userAgent = from.userAgent?.slice(0, 300).toWellFormed() ?? null;
        const session = await openPortalLink(sql, hashSecret(linkSecret), { ...by, userAgent });
        if (session === null) {
          return fail('not_found', { message: 'this link has been opened before, or is over' });
        }
        const { accountId, userId, id: sessionId } = session;
        await requireActiveAccount(sql, accountId);
        await endOldestPortalSessions(sql, userId, MOST_OF_A_USER);
        await addAuditEntry(sql, {
          ...{ tokenId: null, userId, sessionId, address: from.address },
          ...{ action: 'session.create', accountId, before: null, after: { way: 'portal' } },
        });
        return { session, secret };
      }),
    end: (accountId, id, asker) =>
      database.transaction(async (sql) => {
        if (!(await deletePortalSession(sql, accountId, id))) return false;
        const after = { session_id: id };
        await addAuditEntry(sql, { ...asker, action: 'session.end', accountId, before: null, after });
        await announcePerson(sql, '');
        return true;
      }),
  };
}
