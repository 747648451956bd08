// SMTP profiles in the database. Never opens their passwords.

import type { World } from '../accounts/account.ts';
import { createWorldTable } from '../accounts/world-table-store.ts';
import { lockNamed } from '../postgres/advisory-locks.ts';
import type { Sql } from '../postgres/database.ts';
import type { SealedSmtpProfile } from './smtp-profile.ts';

type ProfileRow = {
  id: string;
  account_id: string;
  mode: World['mode'];
  name: string;
  host: string;
  port: number;
  security: SealedSmtpProfile['security'];
  username: string | null;
  sealed_password: Buffer | null;
  sender: string;
  is_default: boolean;
  created_at: Date;
  modified_at: Date;
};

export type ProfileState = Omit<SealedSmtpProfile, 'createdAt' | 'modifiedAt'>;

const COLUMNS =
  'id, account_id, mode, name, host, port, security, username, sealed_password, sender, is_default, created_at, modified_at';

export const { get: getProfile, remove: deleteProfile } = createWorldTable({
  ...{ name: 'smtp_profiles', columns: COLUMNS, fromRow },
});

/**
 * Adds a profile, or writes all of one that is there. The default one of a world takes the place of the
 * former. In a transaction.
 * @returns null where another profile of the world has the name
 */
export async function putProfile(sql: Sql, profile: ProfileState): Promise<SealedSmtpProfile | null> {
  // One change of a world's profiles at a time.
  await lockNamed(sql, 'smtp_profiles', `smtp_profiles ${profile.accountId} ${profile.mode}`);
  const named = await sql.query(
    'select from smtp_profiles where account_id = $1 and mode = $2 and name = $3 and id <> $4',
    [profile.accountId, profile.mode, profile.name, profile.id],
  );
  if (named.length > 0) return null;
  if (profile.isDefault) {
    await sql.query(
      'update smtp_profiles set is_default = false where account_id = $1 and mode = $2 and is_default and id <> $3',
      [profile.accountId, profile.mode, profile.id],
    );
  }
  const [row] = await sql.query<ProfileRow>(
    `insert into smtp_profiles (id, account_id, mode, name, host, port, security, username, sealed_password, sender, is_default)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (id) do update set name = excluded.name, host = excluded.host, port = excluded.port,
       security = excluded.security, username = excluded.username, sealed_password = excluded.sealed_password,
       sender = excluded.sender, is_default = excluded.is_default, modified_at = now()
     where smtp_profiles.account_id = excluded.account_id and smtp_profiles.mode = excluded.mode
     returning ${COLUMNS}`,
    [
      ...[profile.id, profile.accountId, profile.mode, profile.name, profile.host, profile.port],
      ...[profile.security, profile.username, profile.sealedPassword, profile.sender, profile.isDefault],
    ],
  );
  return row === undefined ? null : fromRow(row);
}

export async function getDefaultProfile(sql: Sql, world: World): Promise<SealedSmtpProfile | null> {
  const [row] = await sql.query<ProfileRow>(
    `select ${COLUMNS} from smtp_profiles where account_id = $1 and mode = $2 and is_default`,
    [world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

/** By id, at most `limit` behind `after`. */
export async function listProfiles(
  sql: Sql,
  world: World,
  { after, limit }: { after: string | null; limit: number },
): Promise<SealedSmtpProfile[]> {
  const rows = await sql.query<ProfileRow>(
    `select ${COLUMNS} from smtp_profiles where account_id = $1 and mode = $2 and ($3::text is null or id > $3)
     order by id limit $4`,
    [world.accountId, world.mode, after, limit],
  );
  return rows.map(fromRow);
}

function fromRow(row: ProfileRow): SealedSmtpProfile {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    name: row.name,
    host: row.host,
    port: row.port,
    security: row.security,
    username: row.username,
    sealedPassword: row.sealed_password,
    sender: row.sender,
    isDefault: row.is_default,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
