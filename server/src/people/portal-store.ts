// SQL of portals: links that the operator makes, sessions that they become, and the users that they are for.
// Called by people/ and its API.
import type { Mode } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { GrantedFeature } from './portal-features.ts';
import type { Role } from './roles.ts';

export type PortalRole = Exclude<Role, 'operator'>;

/** What a session may do, and how its pages look. */
export type PortalGrants = {
  mode: Mode;
  role: PortalRole;
  features: GrantedFeature[];
  theme: Record<string, string>;
  returnUrl: string | null;
};

export type PortalUser = { externalId: string; name: string; email: string };

export type NewPortalLink = { linkHash: Buffer; accountId: string; userId: string; grants: PortalGrants };

export type PortalSession = {
  id: string;
  accountId: string;
  userId: string;
  userName: string;
  externalId: string;
  grants: PortalGrants;
  address: string | null;
  createdAt: Date;
  expiresAt: Date;
};

type SessionRow = {
  id: string;
  account_id: string;
  user_id: string;
  user_name: string;
  external_id: string;
  grants: PortalGrants;
  address: string | null;
  created_at: Date;
  expires_at: Date;
};

/** By the operator's own id: there is one, with these words. @returns its id */
export async function putPortalUser(
  sql: Sql,
  accountId: string,
  { id, externalId, name, email, role }: PortalUser & { id: string; role: PortalRole },
): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    `insert into users (id, account_id, external_id, name, email, role) values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, external_id)
       do update set name = excluded.name, email = excluded.email, role = excluded.role, modified_at = now()
     returning id`,
    [id, accountId, externalId, name, email, role],
  );
  return (row as { id: string }).id;
}

export async function insertPortalLink(
  sql: Sql,
  { linkHash, accountId, userId, grants }: NewPortalLink,
  { linkS, sessionS }: { linkS: number; sessionS: number },
): Promise<Date> {
  const [row] = await sql.query<{ expires_at: Date }>(
    `insert into portal_links (link_hash, account_id, user_id, grants, session_s, expires_at)
     values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6)) returning expires_at`,
    [linkHash, accountId, userId, JSON.stringify(grants), sessionS, linkS],
  );
  return (row as { expires_at: Date }).expires_at;
}

const SELECT = `select s.id, s.account_id, s.user_id, u.name as user_name, u.external_id, s.grants, s.address, s.created_at,
    s.expires_at
  from portal_sessions s join users u on u.id = s.user_id`;

export type OpenedBy = { id: string; hash: Buffer; address: string; userAgent: string | null };

/** Opens a link: of two at once one gets it. @returns null: it has been opened before, or is over */
export async function openPortalLink(
  sql: Sql,
  linkHash: Buffer,
  { id, hash, address, userAgent }: OpenedBy,
): Promise<PortalSession | null> {
  const rows = await sql.query(
    `with opened as (
       delete from portal_links where link_hash = $1 and expires_at > now() returning account_id, user_id, grants, session_s)
     insert into portal_sessions (id, session_hash, account_id, user_id, grants, address, user_agent, expires_at)
     select $2, $3, account_id, user_id, grants, $4, $5, now() + make_interval(secs => session_s) from opened
     returning id`,
    [linkHash, id, hash, address, userAgent],
  );
  if (rows.length === 0) return null;
  const [row] = await sql.query<SessionRow>(`${SELECT} where s.id = $1`, [id]);
  return row === undefined ? null : fromRow(row);
}

/** The oldest beyond so many of one user end. */
export async function endOldestPortalSessions(sql: Sql, userId: string, most: number): Promise<void> {
  await sql.query(
    `delete from portal_sessions where id in (
       select id from portal_sessions where user_id = $1 order by created_at desc offset $2)`,
    [userId, most],
  );
}

/** Links of one user beyond so many, the oldest first. */
export async function endOldestPortalLinks(sql: Sql, userId: string, most: number): Promise<void> {
  await sql.query(
    `delete from portal_links where link_hash in (
       select link_hash from portal_links where user_id = $1 order by expires_at desc offset $2)`,
    [userId, most],
  );
}

export async function findPortalSession(sql: Sql, hash: Buffer): Promise<PortalSession | null> {
  const [row] = await sql.query<SessionRow>(`${SELECT} where s.session_hash = $1 and s.expires_at > now()`, [
    hash,
  ]);
  return row === undefined ? null : fromRow(row);
}

/** Newest first. `after`: the id of the last one of the page before. */
export async function listPortalSessions(
  sql: Sql,
  accountId: string,
  { limit, after }: { limit: number; after: string | null },
): Promise<PortalSession[]> {
  const rows = await sql.query<SessionRow>(
    `${SELECT} where s.account_id = $1 and s.expires_at > now() and ($2::text is null or (s.created_at, s.id) < (
       select last.created_at, last.id from portal_sessions last where last.account_id = $1 and last.id = $2))
     order by s.created_at desc, s.id desc limit $3`,
    [accountId, after, limit],
  );
  return rows.map(fromRow);
}

/** @returns whether there was one */
export async function deletePortalSession(sql: Sql, accountId: string, id: string): Promise<boolean> {
  const rows = await sql.query('delete from portal_sessions where account_id = $1 and id = $2 returning id', [
    accountId,
    id,
  ]);
  return rows.length > 0;
}

export async function sweepPortals(sql: Sql, batch: number): Promise<number> {
  const links = await sql.query(
    `delete from portal_links where link_hash in (
       select link_hash from portal_links where expires_at < now() limit $1) returning user_id`,
    [batch],
  );
  const sessions = await sql.query(
    `delete from portal_sessions where id in (
       select id from portal_sessions where expires_at < now() limit $1) returning id`,
    [batch],
  );
  return Math.max(links.length, sessions.length);
}

function fromRow(row: SessionRow): PortalSession {
  return {
    id: row.id,
    accountId: row.account_id,
    userId: row.user_id,
    userName: row.user_name,
    externalId: row.external_id,
    grants: row.grants,
    address: row.address,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
