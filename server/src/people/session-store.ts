// SQL of sessions: one for each sign-in, known by the hash of what the browser holds. Whether one is over is
// decided on the database's clock. Called by people/.
import type { Sql } from '../postgres/database.ts';
import type { Role } from './roles.ts';

/** How a person has signed in. */
export type SignInWay = 'password' | 'passkey' | 'openid';

export type NewSession = {
  id: string;
  /** SHA-256. */
  hash: Buffer;
  personId: string;
  way: SignInWay;
  address: string;
  userAgent: string | null;
};

export type StoredSession = {
  id: string;
  personId: string;
  way: SignInWay;
  address: string | null;
  userAgent: string | null;
  createdAt: Date;
  lastUsedAt: Date;
  /** At the latest. */
  expiresAt: Date;
};

/** A person in one account. */
export type PersonsUser = { id: string; accountId: string; role: Role; seesInputs: boolean };
export type FoundSession = StoredSession & { email: string; name: string; users: PersonsUser[] };

/** How long a session lasts without use, and at all. */
export type SessionLife = { idleS: number; mostS: number };

type SessionRow = {
  id: string;
  person_id: string;
  way: SignInWay;
  address: string | null;
  user_agent: string | null;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
};

const COLUMNS =
  's.id, s.person_id, s.way, s.address, s.user_agent, s.created_at, s.last_used_at, s.expires_at';
const GOING_ON = (idle: string): string =>
  `s.expires_at > now() and s.last_used_at > now() - make_interval(secs => ${idle})`;

export async function insertSession(
  sql: Sql,
  session: NewSession,
  { mostS }: SessionLife,
): Promise<StoredSession> {
  const [row] = await sql.query<SessionRow>(
    `insert into sessions as s (id, session_hash, person_id, way, address, user_agent, expires_at)
     values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) returning ${COLUMNS}`,
    [...[session.id, session.hash, session.personId, session.way, session.address, session.userAgent], mostS],
  );
  return fromRow(row as SessionRow);
}

/** The oldest beyond so many end. */
export async function endOldestSessions(sql: Sql, personId: string, most: number): Promise<void> {
  await sql.query(
    `delete from sessions where id in (
       select id from sessions where person_id = $1 order by last_used_at desc offset $2)`,
    [personId, most],
  );
}

/**
 * Finds it, and notes that it is used. What the provider's claims give counts where the provider was asked.
 */
export async function useSession(sql: Sql, hash: Buffer, life: SessionLife): Promise<FoundSession | null> {
  const found = await findSession(sql, hash, life);
  if (found !== null) await noteSessionUse(sql, found.id);
  return found;
}

async function findSession(sql: Sql, hash: Buffer, { idleS }: SessionLife): Promise<FoundSession | null> {
  const [row] = await sql.query<SessionRow & { email: string; name: string; users: PersonsUser[] }>(
    `select ${COLUMNS}, p.email, p.name, coalesce((
       select jsonb_agg(jsonb_build_object(
         'id', u.id, 'accountId', u.account_id, 'role', u.role, 'seesInputs', u.sees_inputs) order by u.created_at)
       from users u where u.person_id = s.person_id and (not u.by_openid or s.way = 'openid')), '[]') as users
     from sessions s join people p on p.id = s.person_id
     where s.session_hash = $1 and ${GOING_ON('$2')}`,
    [hash, idleS],
  );
  if (row === undefined) return null;
  const { email, name, users } = row;
  return { ...fromRow(row), email, name, users };
}

/** Notes that it is used, once a minute at most. */
async function noteSessionUse(sql: Sql, id: string): Promise<void> {
  await sql.query(
    `update sessions set last_used_at = now() where id = $1 and last_used_at < now() - interval '1 minute'`,
    [id],
  );
}

/** Those that go on, the one used last first. */
export async function listSessions(
  sql: Sql,
  personId: string,
  { idleS }: SessionLife,
): Promise<StoredSession[]> {
  const rows = await sql.query<SessionRow>(
    `select ${COLUMNS} from sessions s where s.person_id = $1 and ${GOING_ON('$2')}
     order by s.last_used_at desc, s.id`,
    [personId, idleS],
  );
  return rows.map(fromRow);
}

/** @returns whether there was one */
export async function deleteSession(sql: Sql, personId: string, id: string): Promise<boolean> {
  const rows = await sql.query('delete from sessions where person_id = $1 and id = $2 returning id', [
    personId,
    id,
  ]);
  return rows.length > 0;
}

/** @param but one that goes on; null: none does. @returns the ids of those that are ended */
export async function deleteSessions(sql: Sql, personId: string, but: string | null): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    'delete from sessions where person_id = $1 and id is distinct from $2 returning id',
    [personId, but],
  );
  return rows.map(({ id }) => id);
}

/** @returns how many were over */
export async function sweepSessions(sql: Sql, { idleS }: SessionLife, batch: number): Promise<number> {
  const rows = await sql.query(
    `delete from sessions where id in (
       select id from sessions s where not (${GOING_ON('$1')}) limit $2) returning id`,
    [idleS, batch],
  );
  return rows.length;
}

function fromRow(row: SessionRow): StoredSession {
  return {
    id: row.id,
    personId: row.person_id,
    way: row.way,
    address: row.address,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  };
}
