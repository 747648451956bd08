// Invites people to an account, by a link that is mailed or, where the installation sends no mail, shown to
// who invites; and lets those in who open it. An address that has a person already is joined by that person
// alone, signed in: a link in other hands opens nothing of theirs. Called by the API.
import { requireActiveAccount } from '../accounts/account-status-store.ts';
import { addAuditEntry, type NewAuditEntry } from '../accounts/operator-audit-store.ts';
import { fail } from '../errors/failure.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { foldEmail } from './email.ts';
import {
  deleteInvitation,
  dropShownResets,
  findInvitation,
  type Invitation,
  putInvitation,
  takeInvitation,
} from './link-store.ts';
import type { Passwords } from './passwords.ts';
import { invitationLetter, type PeopleMail } from './people-mail.ts';
import { announcePerson, findPersonByEmail, insertPerson, lockPeople, proveEmail } from './person-store.ts';
import type { RoleHolder } from './roles.ts';
import { hashSecret, newSecret } from './session-cookie.ts';
import type { BegunSession, From, SignIn } from './sign-in.ts';
import { giveRole, hasRole } from './user-role-store.ts';

const LIFE_DAYS = 7;
const DAY_S = 86_400;

export type Asker = Pick<NewAuditEntry, 'tokenId' | 'userId' | 'sessionId' | 'address'>;
export type Invited = RoleHolder & { accountId: string; email: string; name: string };
/** `link`: null where it was mailed. */
export type MadeInvitation = { invitation: Invitation; link: string | null };

export type Invitations = {
  /** @throws Failure `conflict` for one who has a role there, `unavailable` where the mail is not sent */
  invite(invited: Invited, asker: Asker): Promise<MadeInvitation>;
  /** @returns whether there was one */
  takeBack(accountId: string, id: string, asker: Asker): Promise<boolean>;
  /**
   * @param signedIn the person who opens it, where there is one
   * @returns null: the person is signed in already
   * @throws Failure `not_found`, `unauthorized` where its person must sign in first, `invalid_input` where a
   * password is needed
   */
  accept(opened: OpenedLink, signedIn: SignedIn | null, from: From): Promise<BegunSession | null>;
};

export type OpenedLink = { secret: string; password: string | undefined; name: string | undefined };
type SignedIn = { personId: string; sessionId: string };

type Parts = {
  database: Database;
  passwords: Passwords;
  mail: PeopleMail;
  signIn: SignIn;
  consoleUrl: string;
};

export function createInvitations(parts: Parts): Invitations {
  const { database, mail, consoleUrl } = parts;
  return {
    async invite(invited, asker) {
      const { accountId, email, name, role, seesInputs } = invited;
      const secret = newSecret();
      const emailFolded = foldEmail(email);
      const made = { id: newResourceId(), ...{ accountId, email, emailFolded, name, role, seesInputs } };
      const invitation = await database.transaction(async (sql) => {
        await requireActiveAccount(sql, accountId);
        const person = await findPersonByEmail(sql, emailFolded);
        if (person !== null && (await hasRole(sql, accountId, person.id))) {
          fail('conflict', {
            message: 'email: this person has a role in the account already',
            field: 'email',
          });
        }
        const linkHash = hashSecret(secret);
        const put = await putInvitation(sql, { ...made, linkHash, mailed: mail.sends }, LIFE_DAYS * DAY_S);
        await addAuditEntry(sql, {
          ...asker,
          ...{ action: 'user.invite', accountId, before: null, after: wordsOf(put) },
        });
        return put;
      });
      const link = `${consoleUrl}/invitation#${secret}`;
      if (!mail.sends) return { invitation, link };
      try {
        await mail.sendFor(accountId, invitationLetter(email, link, LIFE_DAYS));
      } catch (error) {
        await deleteInvitation(database, accountId, invitation.id);
        throw error;
      }
      return { invitation, link: null };
    },
    takeBack: (accountId, id, asker) =>
      database.transaction(async (sql) => {
        const gone = await deleteInvitation(sql, accountId, id);
        if (gone === null) return false;
        await addAuditEntry(sql, {
          ...asker,
          ...{ action: 'user.uninvite', accountId, before: wordsOf(gone), after: null },
        });
        return true;
      }),
    accept: (opened, signedIn, from) => accept(parts, opened, { signedIn, from }),
  };
}

async function accept(
  { database, passwords, signIn }: Parts,
  { secret, password, name }: OpenedLink,
  { signedIn, from }: { signedIn: SignedIn | null; from: From },
): Promise<BegunSession | null> {
  const linkHash = hashSecret(secret);
  const found = (await findInvitation(database, linkHash)) ?? noSuchLink();
  const known = await findPersonByEmail(database, found.emailFolded);
  const isThem = known !== null && signedIn?.personId === known.id;
  if (!isThem && password === undefined) {
    if (signedIn !== null) mustSignIn();
    fail('invalid_input', {
      message: 'password: is needed to join as a new person; a person who is here already signs in first',
      field: 'password',
    });
  }
  // Hashed for a person who is here, too: the time taken must not show it.
  const passwordHash = password === undefined ? null : await passwords.hash(password);
  return await database.transaction(async (sql) => {
    await lockPeople(sql);
    const invitation = (await takeInvitation(sql, linkHash)) ?? noSuchLink();
    await requireActiveAccount(sql, invitation.accountId);
    const person = await findPersonByEmail(sql, invitation.emailFolded);
    if (person !== null) {
      if (signedIn?.personId !== person.id) {
        mustSignIn();
      }
      if (invitation.mailed) await proveEmail(sql, person.id);
      await join(sql, invitation, { ...person, sessionId: signedIn.sessionId }, from);
      return null;
    }
    if (passwordHash === null) {
      fail('invalid_input', { message: 'password: is needed to join', field: 'password' });
    }
    const made = {
      ...{ id: newResourceId(), email: invitation.email, emailFolded: invitation.emailFolded },
      ...{ name: name ?? invitation.name, emailProved: invitation.mailed, passwordHash },
    };
    await insertPerson(sql, made);
    await join(sql, invitation, { ...made, sessionId: null }, from);
    return await signIn.begin(sql, made, { way: 'password', from });
  });
}

type Joining = { id: string; email: string; name: string; sessionId: string | null };

async function join(sql: Sql, invitation: Invitation, person: Joining, from: From): Promise<void> {
  const { accountId, role, seesInputs } = invitation;
  const { id: personId, email, name, sessionId } = person;
  const userId = await giveRole(sql, newResourceId(), { accountId, personId, email, name, role, seesInputs });
  if (userId === null) fail('conflict', { message: 'you have a role in this account already' });
  await dropShownResets(sql, personId);
  const who = { tokenId: null, userId, sessionId, address: from.address };
  const after = { ...wordsOf(invitation), user_id: userId };
  await addAuditEntry(sql, { ...who, action: 'user.join', accountId, before: null, after });
  await announcePerson(sql, personId);
}

function mustSignIn(): never {
  return fail('unauthorized', { message: 'this link is for a person who has to sign in first' });
}

function noSuchLink(): never {
  return fail('not_found', { message: 'this link has been opened before, or is over' });
}

function wordsOf({ id, email, role, seesInputs }: Invitation): Record<string, unknown> {
  return { invitation_id: id, email, role, sees_inputs: seesInputs };
}
