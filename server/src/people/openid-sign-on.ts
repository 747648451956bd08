// Signs people in by the operator's provider: who they are by its subject, or at first by an address that it
// has verified; what they may do by a claim, anew at every sign-on. A person whose address nobody had shown
// to be theirs loses what opened them before. Called by the API.
import { GRANT } from '../config/openid-settings.ts';
import type { AccountKeys } from '../environment/account-keys.ts';
import { SealError } from '../environment/seal.ts';
import { fail } from '../errors/failure.ts';
import { newResourceId } from '../ids/ids.ts';
import type { Database, Sql } from '../postgres/database.ts';
import { emailField, foldEmail } from './email.ts';
import { dropShownResets } from './link-store.ts';
import { type Claims, createOpenidClient, type OpenidAttempt, type OpenidProvider } from './openid-client.ts';
import {
  type ClaimedRole,
  dropCredentials,
  findIdentity,
  findNamedAccounts,
  listUnclaimed,
  putClaimedRole,
  putIdentity,
} from './openid-store.ts';
import { announcePerson, findPerson, findPersonByEmail, insertPerson, lockPeople } from './person-store.ts';
import type { Role } from './roles.ts';
import type { BegunSession, From, SignIn } from './sign-in.ts';
import { takeRole } from './user-role-store.ts';

export type OpenidSignOn = {
  /** `kept`: for the browser alone, until it comes back. */
  begin(from: From): Promise<{ url: string; kept: string }>;
  /** @throws Failure `unauthorized`, `insufficient_permissions` for one whose claims give no role */
  finish(url: URL, kept: string | null, from: From): Promise<BegunSession>;
};

type Settings = OpenidProvider & {
  /** Of the claim that gives roles. */
  claim: string;
  /** What its values stand for; empty: they say it themselves. */
  roles: ReadonlyMap<string, string>;
  /** Whether an address counts of which the provider doesn't say whether it has verified it. */
  trustsEmail: boolean;
};
type Parts = {
  settings: Settings;
  redirectUri: string;
  database: Database;
  keys: Pick<AccountKeys, 'seal' | 'unseal'>;
  signIn: SignIn;
  operatorAccountId: string;
};

export function createOpenidSignOn(parts: Parts): OpenidSignOn {
  const { settings, redirectUri, database, keys, signIn, operatorAccountId } = parts;
  const client = createOpenidClient(settings, redirectUri);
  const context = { accountId: operatorAccountId, purpose: 'sign-on by the provider' };
  const open = async (kept: string | null): Promise<OpenidAttempt> => {
    try {
      const sealed = Buffer.from(kept ?? '', 'base64url');
      return JSON.parse((await keys.unseal(sealed, context)).toString()) as OpenidAttempt;
    } catch (cause) {
      if (!(cause instanceof SealError)) throw cause;
      return fail('unauthorized', { message: 'this sign-on was not begun in this browser, or is over' });
    }
  };
  return {
    async begin(from) {
      signIn.requirePace(from, null);
      const { url, attempt } = await client.begin();
      const sealed = await keys.seal(Buffer.from(JSON.stringify(attempt)), context);
      return { url, kept: sealed.toString('base64url') };
    },
    async finish(url, kept, from) {
      signIn.requirePace(from, null);
      const claims = await client.finish(url, await open(kept));
      const begun = await database.transaction(async (sql) => {
        await lockPeople(sql);
        const roles = await rolesOf(sql, parts, claims);
        const personId = await personOf(sql, settings, claims, roles);
        if (personId === null) return null;
        return await signIn.begin(sql, { id: personId }, { way: 'openid', from });
      });
      // What was taken away stays so.
      return begun ?? fail('insufficient_permissions', { message: 'you have no role in any account here' });
    },
  };
}

const GREATEST: readonly Role[] = ['viewer', 'developer', 'owner', 'operator'];
const MOST_VALUES = 500;

/** What the claim gives; of two roles in one account the greater. */
async function rolesOf(
  sql: Sql,
  { settings, operatorAccountId }: Parts,
  claims: Claims,
): Promise<ClaimedRole[]> {
  const values = [claims[settings.claim]].flat().slice(0, MOST_VALUES);
  const grants = values.flatMap((value) => {
    const grant = settings.roles.size === 0 ? value : settings.roles.get(String(value));
    const [whole, name, role] = typeof grant === 'string' ? (GRANT.exec(grant) ?? []) : [];
    if (whole === 'operator') return [{ name: operatorAccountId, role: 'operator' as Role }];
    return name === undefined ? [] : [{ name, role: role as Role }];
  });
  const accounts = await findNamedAccounts(sql, [...new Set(grants.map(({ name }) => name))]);
  const roles = new Map<string, Role>();
  for (const { name, accountId } of accounts) {
    for (const { role } of grants.filter((grant) => grant.name === name)) {
      const held = roles.get(accountId);
      if (held === undefined || GREATEST.indexOf(role) > GREATEST.indexOf(held)) roles.set(accountId, role);
    }
  }
  return [...roles].map(([accountId, role]) => ({ accountId, role }));
}

/** @returns the person, with the roles of the claims; null for one who has none at all */
async function personOf(
  sql: Sql,
  settings: Settings,
  claims: Claims,
  roles: ClaimedRole[],
): Promise<string | null> {
  const known = await findIdentity(sql, settings.issuer, claims.sub);
  const person = known === null ? await newcomer(sql, settings, claims, roles) : await findPerson(sql, known);
  if (person === null) return null;
  for (const role of roles) await putClaimedRole(sql, newResourceId(), person, role);
  await dropShownResets(sql, person.id);
  const claimed = roles.map(({ accountId }) => accountId);
  for (const { id, accountId } of await listUnclaimed(sql, person.id, claimed))
    await takeRole(sql, accountId, { id, personId: person.id });
  await announcePerson(sql, person.id);
  return (await findPerson(sql, person.id)) === null ? null : person.id;
}

type Newcomer = { id: string; email: string; name: string };

/** The first time, by an address that the provider has verified: of a person who is there, or a new one. */
async function newcomer(
  sql: Sql,
  { issuer, trustsEmail }: Settings,
  claims: Claims,
  roles: readonly ClaimedRole[],
): Promise<Newcomer | null> {
  const email = emailField.safeParse(claims.email);
  if (!email.success) {
    return fail('insufficient_permissions', { message: 'the provider gives no e-mail address for you' });
  }
  if ((claims.email_verified ?? trustsEmail) !== true) {
    return fail('insufficient_permissions', {
      message: 'the provider has not verified that the e-mail address is yours',
    });
  }
  const emailFolded = foldEmail(email.data);
  const existing = await findPersonByEmail(sql, emailFolded);
  const subject = { issuer, subject: claims.sub };
  if (existing !== null) {
    if (!existing.emailProved) await dropCredentials(sql, existing.id);
    await putIdentity(sql, { ...subject, personId: existing.id });
    return existing;
  }
  if (roles.length === 0) return null;
  const name = typeof claims.name === 'string' && claims.name !== '' ? claims.name.slice(0, 200) : email.data;
  const made = { id: newResourceId(), email: email.data, name: name.toWellFormed().replaceAll('\0', '') };
  await insertPerson(sql, { ...made, emailFolded, emailProved: true, passwordHash: null });
  await putIdentity(sql, { ...subject, personId: made.id });
  return made;
}
