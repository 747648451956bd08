// SQL of links that let a person in once: invitations to an account, and resets of passwords. Known by their
// hash alone; opening one deletes it. Called by people/.
import type { Sql } from '../postgres/database.ts';
import type { RoleHolder } from './roles.ts';

export type NewInvitation = RoleHolder & {
  id: string;
  accountId: string;
  email: string;
  emailFolded: string;
  name: string;
  /** SHA-256. */
  linkHash: Buffer;
  /** Whether the link goes to the address, and to nobody else. */
  mailed: boolean;
};
export type Invitation = Omit<NewInvitation, 'linkHash'> & { createdAt: Date; expiresAt: Date };

type InvitationRow = {
  id: string;
  account_id: string;
  email: string;
  email_folded: string;
  name: string;
  role: Invitation['role'];
  sees_inputs: boolean;
  mailed: boolean;
  created_at: Date;
  expires_at: Date;
};

const COLUMNS =
  'id, account_id, email, email_folded, name, role, sees_inputs, mailed, created_at, expires_at';

/** The same address again replaces the one before. */
export async function putInvitation(sql: Sql, invitation: NewInvitation, lifeS: number): Promise<Invitation> {
  const { id, accountId, email, emailFolded, name, role, seesInputs, linkHash, mailed } = invitation;
  const [row] = await sql.query<InvitationRow>(
    `insert into invitations (id, account_id, email, email_folded, name, role, sees_inputs, link_hash, mailed, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + make_interval(secs => $10))
     on conflict (account_id, email_folded) do update set
       id = excluded.id, email = excluded.email, name = excluded.name, role = excluded.role,
       sees_inputs = excluded.sees_inputs, link_hash = excluded.link_hash, mailed = excluded.mailed,
       created_at = now(), expires_at = excluded.expires_at
     returning ${COLUMNS}`,
    [id, accountId, email, emailFolded, name, role, seesInputs, linkHash, mailed, lifeS],
  );
  return fromRow(row as InvitationRow);
}

/** Newest first. `after`: the id of the last one of the page before. */
export async function listInvitations(
  sql: Sql,
  accountId: string,
  { limit, after }: { limit: number; after: string | null },
): Promise<Invitation[]> {
  const rows = await sql.query<InvitationRow>(
    `select ${COLUMNS} from invitations
     where account_id = $1 and expires_at > now() and ($2::text is null or (created_at, id) < (
       select last.created_at, last.id from invitations last where last.account_id = $1 and last.id = $2))
     order by created_at desc, id desc limit $3`,
    [accountId, after, limit],
  );
  return rows.map(fromRow);
}

/** @returns the one that is gone; null where there was none */
export async function deleteInvitation(sql: Sql, accountId: string, id: string): Promise<Invitation | null> {
  const [row] = await sql.query<InvitationRow>(
    `delete from invitations where account_id = $1 and id = $2 returning ${COLUMNS}`,
    [accountId, id],
  );
  return row === undefined ? null : fromRow(row);
}

export async function findAccountInvitation(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<Invitation | null> {
  const [row] = await sql.query<InvitationRow>(
    `select ${COLUMNS} from invitations where account_id = $1 and id = $2 and expires_at > now()`,
    [accountId, id],
  );
  return row === undefined ? null : fromRow(row);
}

/** Looks, and leaves it. */
export async function findInvitation(sql: Sql, linkHash: Buffer): Promise<Invitation | null> {
  const [row] = await sql.query<InvitationRow>(
    `select ${COLUMNS} from invitations where link_hash = $1 and expires_at > now()`,
    [linkHash],
  );
  return row === undefined ? null : fromRow(row);
}

/** Opens it: of two at once one gets it. */
export async function takeInvitation(sql: Sql, linkHash: Buffer): Promise<Invitation | null> {
  const [row] = await sql.query<InvitationRow>(
    `delete from invitations where link_hash = $1 and expires_at > now() returning ${COLUMNS}`,
    [linkHash],
  );
  return row === undefined ? null : fromRow(row);
}

export type Reset = { personId: string; mailed: boolean };

/** A new one replaces those before, of transactions that hold the lock of people. */
export async function putReset(sql: Sql, linkHash: Buffer, reset: Reset, lifeS: number): Promise<void> {
  await sql.query('delete from password_resets where person_id = $1', [reset.personId]);
  await sql.query(
    `insert into password_resets (link_hash, person_id, mailed, expires_at)
     values ($1, $2, $3, now() + make_interval(secs => $4))`,
    [linkHash, reset.personId, reset.mailed, lifeS],
  );
}

/** Those that an account's owner was shown: they must not open what the person joins afterwards. */
export async function dropShownResets(sql: Sql, personId: string): Promise<void> {
  await sql.query('delete from password_resets where person_id = $1 and not mailed', [personId]);
}

/** Looks, and leaves it. */
export async function hasReset(sql: Sql, linkHash: Buffer): Promise<boolean> {
  const rows = await sql.query('select 1 from password_resets where link_hash = $1 and expires_at > now()', [
    linkHash,
  ]);
  return rows.length > 0;
}

/** As {@link takeInvitation}. */
export async function takeReset(sql: Sql, linkHash: Buffer): Promise<Reset | null> {
  const [row] = await sql.query<{ person_id: string; mailed: boolean }>(
    'delete from password_resets where link_hash = $1 and expires_at > now() returning person_id, mailed',
    [linkHash],
  );
  return row === undefined ? null : { personId: row.person_id, mailed: row.mailed };
}

export async function sweepInvitations(sql: Sql, batch: number): Promise<number> {
  const rows = await sql.query(
    `delete from invitations where id in (select id from invitations where expires_at < now() limit $1) returning id`,
    [batch],
  );
  return rows.length;
}

export async function sweepResets(sql: Sql, batch: number): Promise<number> {
  const rows = await sql.query(
    `delete from password_resets where link_hash in (
       select link_hash from password_resets where expires_at < now() limit $1) returning person_id`,
    [batch],
  );
  return rows.length;
}

function fromRow(row: InvitationRow): Invitation {
  return {
    id: row.id,
    accountId: row.account_id,
    email: row.email,
    emailFolded: row.email_folded,
    name: row.name,
    role: row.role,
    seesInputs: row.sees_inputs,
    mailed: row.mailed,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
