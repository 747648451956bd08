// What an account sets for all that it does, in the database: each world has its own. Never opens the
// signature key. Called by the dialect that shows them, and by what signs or makes tokens for an account.
import type { Sql } from '../postgres/database.ts';
import type { World } from './account.ts';

export type AccountSettings = {
  /** Of the dates that are answered where a request names none. IANA name. */
  timeZone: string;
  /** Kept for clients; nothing follows from them. */
  appHosts: string[];
  corsAllowedOrigins: string[];
  oauthRedirectUris: string[];
  /** A caller that asks may have a limited token of the test world. */
  allowPublicTestTokens: boolean;
  /** Signs what names no key of its own; null: that isn't signed. */
  sealedSignatureKey: Buffer | null;
};

export type StoredSettings = World &
  AccountSettings & {
    /** Grows with every change; 0: nothing was ever set. */
    revision: number;
    createdAt: Date | null;
    modifiedAt: Date | null;
  };

const USUAL = {
  ...{ timeZone: 'UTC', appHosts: [], corsAllowedOrigins: [], oauthRedirectUris: [] },
  ...{ allowPublicTestTokens: false, sealedSignatureKey: null },
  ...{ revision: 0, createdAt: null, modifiedAt: null },
};

type SettingsRow = {
  account_id: string;
  mode: World['mode'];
  time_zone: string;
  app_hosts: string[];
  cors_allowed_origins: string[];
  oauth_redirect_uris: string[];
  allow_public_test_tokens: boolean;
  sealed_signature_key: Buffer | null;
  revision: number;
  created_at: Date;
  modified_at: Date;
};

const COLUMNS = `account_id, mode, time_zone, app_hosts, cors_allowed_origins, oauth_redirect_uris, allow_public_test_tokens,
  sealed_signature_key, revision, created_at, modified_at`;

/** The usual ones where none were set. */
export async function findAccountSettings(sql: Sql, { accountId, mode }: World): Promise<StoredSettings> {
  const [row] = await sql.query<SettingsRow>(
    `select ${COLUMNS} from account_settings where account_id = $1 and mode = $2`,
    [accountId, mode],
  );
  return row === undefined ? { accountId, mode, ...USUAL } : fromRow(row);
}

/**
 * @param revision of the settings that were read and changed
 * @returns null where they were changed since
 */
export async function putAccountSettings(
  sql: Sql,
  { accountId, mode }: World,
  settings: AccountSettings,
  revision: number,
): Promise<StoredSettings | null> {
  const [row] = await sql.query<SettingsRow>(
    `insert into account_settings as s (account_id, mode, time_zone, app_hosts, cors_allowed_origins, oauth_redirect_uris,
       allow_public_test_tokens, sealed_signature_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (account_id, mode) do update set time_zone = excluded.time_zone, app_hosts = excluded.app_hosts,
       cors_allowed_origins = excluded.cors_allowed_origins, oauth_redirect_uris = excluded.oauth_redirect_uris,
       allow_public_test_tokens = excluded.allow_public_test_tokens, sealed_signature_key = excluded.sealed_signature_key,
       revision = s.revision + 1, modified_at = now()
     where s.revision = $9
     returning ${COLUMNS}`,
    [
      ...[accountId, mode, settings.timeZone, settings.appHosts, settings.corsAllowedOrigins],
      ...[settings.oauthRedirectUris, settings.allowPublicTestTokens, settings.sealedSignatureKey, revision],
    ],
  );
  return row === undefined ? null : fromRow(row);
}

function fromRow(row: SettingsRow): StoredSettings {
  return {
    accountId: row.account_id,
    mode: row.mode,
    timeZone: row.time_zone,
    appHosts: row.app_hosts,
    corsAllowedOrigins: row.cors_allowed_origins,
    oauthRedirectUris: row.oauth_redirect_uris,
    allowPublicTestTokens: row.allow_public_test_tokens,
    sealedSignatureKey: row.sealed_signature_key,
    revision: row.revision,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
