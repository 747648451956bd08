// Makes the installation's first person, who operates it, once: later ones are invited. Called by the API,
// for the operator's token or by the link that a start has shown on the machine, and by such a start.
import { type AuditAction, addAuditEntry } from '../accounts/operator-audit-store.ts';
import { fail } from '../errors/failure.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { foldEmail } from './email.ts';
import type { Passwords } from './passwords.ts';
import { insertPerson, isThereAnybody, lockPeople } from './person-store.ts';
import { hashSecret, newSecret } from './session-cookie.ts';
import { deleteSetUpLinks, hasSetUpLink, putSetUpLink } from './set-up-link-store.ts';
import type { BegunSession, From, SignIn } from './sign-in.ts';
import { giveRole } from './user-role-store.ts';

export type FirstPerson = { email: string; name: string; password: string };
type Asker = { tokenId: string | null; address: string };
type Parts = { database: Database; passwords: Passwords; operatorAccountId: string };

const ACTION: AuditAction = 'people.set_up';
/** How long a link is good: a start shows a new one. */
const LINK_S = 86_400;

/** @returns the ids of the person and of its user. @throws Failure `conflict` where there is a person */
export async function setUpPeople(
  { database, passwords, operatorAccountId }: Parts,
  first: FirstPerson,
  asker: Asker,
): Promise<{ personId: string; userId: string }> {
  const passwordHash = await passwords.hash(first.password);
  return await database.transaction((sql) =>
    addFirstPerson(sql, operatorAccountId, { ...first, passwordHash, asker }),
  );
}

/** @returns the session that begins. @throws Failure `not_found` for a link that isn't good */
export async function setUpByLink(
  { database, passwords, operatorAccountId, signIn }: Parts & { signIn: SignIn },
  secret: string,
  { first, from }: { first: FirstPerson; from: From },
): Promise<BegunSession> {
  const linkHash = hashSecret(secret);
  // Before the password is hashed: guesses at links must not cost a processor.
  if (!(await hasSetUpLink(database, linkHash))) noSuchLink();
  const passwordHash = await passwords.hash(first.password);
  return await database.transaction(async (sql) => {
    await lockPeople(sql);
    if (!(await hasSetUpLink(sql, linkHash))) noSuchLink();
    const asker = { tokenId: null, address: from.address };
    const { personId } = await addFirstPerson(sql, operatorAccountId, { ...first, passwordHash, asker });
    return await signIn.begin(sql, { id: personId }, { way: 'password', from });
  });
}

/** @returns the secret of a link; null: there is a person, so nothing is to be set up */
export async function makeSetUpLink(database: Database): Promise<string | null> {
  return await database.transaction(async (sql) => {
    await lockPeople(sql);
    if (await isThereAnybody(sql)) return null;
    const secret = newSecret();
    await putSetUpLink(sql, hashSecret(secret), LINK_S);
    return secret;
  });
}

type Adding = FirstPerson & { passwordHash: string; asker: Asker };

async function addFirstPerson(
  sql: Sql,
  accountId: string,
  { email, name, passwordHash, asker }: Adding,
): Promise<{ personId: string; userId: string }> {
  await lockPeople(sql);
  if (await isThereAnybody(sql)) {
    fail('conflict', { message: 'the first person was made before: further ones are invited' });
  }
  const personId = newResourceId();
  const emailFolded = foldEmail(email);
  await insertPerson(sql, { id: personId, email, emailFolded, name, emailProved: false, passwordHash });
  const role = { role: 'operator', seesInputs: true } as const;
  const userId = await giveRole(sql, newResourceId(), { accountId, personId, email, name, ...role });
  if (userId === null) throw new Error(`${personId} is new and has a role already`);
  await deleteSetUpLinks(sql);
  const entry = { ...asker, action: ACTION, accountId, before: null, after: { user_id: userId, email } };
  await addAuditEntry(sql, entry);
  return { personId, userId };
}

function noSuchLink(): never {
  return fail('not_found', {
    message: 'this link is over, or the first person was made before: the next start shows a new one',
  });
}
