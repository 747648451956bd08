// Makes the installation's first person, who operates it, once: later ones are invited. Called by the API,
// for the operator's token.
import { type AuditAction, addAuditEntry } from '../accounts/operator-audit-store.ts';
import { fail } from '../errors/failure.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Database } from '../postgres/database.ts';
import { foldEmail } from './email.ts';
import type { Passwords } from './passwords.ts';
import { insertPerson, isThereAnybody, lockPeople } from './person-store.ts';
import { giveRole } from './user-role-store.ts';

export type FirstPerson = { email: string; name: string; password: string };
type Asker = { tokenId: string | null; address: string };
type Parts = { database: Database; passwords: Passwords; operatorAccountId: string };

const ACTION: AuditAction = 'people.set_up';

/**
 * @returns the ids of the person and of its user. @throws Failure `conflict` where there is a person already
 */
export async function setUpPeople(
  { database, passwords, operatorAccountId: accountId }: Parts,
  { email, name, password }: FirstPerson,
  asker: Asker,
): Promise<{ personId: string; userId: string }> {
  const passwordHash = await passwords.hash(password);
  return await database.transaction(async (sql) => {
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
    const entry = { ...asker, action: ACTION, accountId, before: null, after: { user_id: userId, email } };
    await addAuditEntry(sql, entry);
    return { personId, userId };
  });
}
