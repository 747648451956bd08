// SQL of sign-ins of programs without a browser. Rows that are over count as gone, and are deleted with the
// next one that is asked for. Called by device-sign-in.ts.
import type { Mode, World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { PermissionEntry } from '../tokens/permissions.ts';

export const DEVICE_ANSWERS = ['pending', 'refused', 'approved'] as const;
export type DeviceAnswer = (typeof DEVICE_ANSWERS)[number];

export type AskedFor = { client: string; address: string; createdAt: Date; expiresAt: Date };
export type Approval = World & { userId: string; permissions: PermissionEntry[] };
export type Taken =
  | { answer: Exclude<DeviceAnswer, 'approved'>; client: string }
  | ({ answer: 'approved'; client: string } & Approval);

type New = {
  deviceHash: Buffer;
  userCode: string;
  client: string;
  address: string;
  /** As callers are counted: http/client-address.ts. */
  neighbourhood: string;
  lifeS: number;
};
type Bounds = { mostOfNeighbourhood: number; mostOfAll: number };

/** @returns false where there are too many, or the code is another's */
export async function askFor(sql: Sql, asked: New, most: Bounds): Promise<boolean> {
  await sql.query('delete from device_authorizations where expires_at < now()');
  const { deviceHash, userCode, client, address, neighbourhood, lifeS } = asked;
  const rows = await sql.query(
    `insert into device_authorizations (device_hash, user_code, client, address, neighbourhood, expires_at)
     select $1, $2, $3, $4, $5, now() + make_interval(secs => $6)
     where (select count(*) from device_authorizations where neighbourhood = $5) < $7
       and (select count(*) from device_authorizations) < $8
     on conflict do nothing returning user_code`,
    [
      ...[deviceHash, userCode, client, address, neighbourhood, lifeS],
      ...[most.mostOfNeighbourhood, most.mostOfAll],
    ],
  );
  return rows.length > 0;
}

/** As long as nobody has answered. */
export async function findAskedFor(sql: Sql, userCode: string): Promise<AskedFor | null> {
  type Row = { client: string; address: string; created_at: Date; expires_at: Date };
  const [row] = await sql.query<Row>(
    `select client, address, created_at, expires_at from device_authorizations
     where user_code = $1 and answer = 'pending' and expires_at > now()`,
    [userCode],
  );
  if (row === undefined) return null;
  return { client: row.client, address: row.address, createdAt: row.created_at, expiresAt: row.expires_at };
}

/** @param approval null: refused. @returns the client; null where there is nothing to answer any more */
export async function answerAskedFor(
  sql: Sql,
  userCode: string,
  approval: Approval | null,
): Promise<string | null> {
  const rows = await sql.query<{ client: string }>(
    `update device_authorizations
     set answer = $2, account_id = $3, mode = $4, user_id = $5, permissions = $6
     where user_code = $1 and answer = 'pending' and expires_at > now() returning client`,
    [
      ...[userCode, approval === null ? 'refused' : 'approved', approval?.accountId ?? null],
      ...[approval?.mode ?? null, approval?.userId ?? null],
      approval === null ? null : JSON.stringify(approval.permissions),
    ],
  );
  return rows[0]?.client ?? null;
}

type TakenRow = {
  answer: Taken['answer'];
  client: string;
  account_id: string;
  mode: Mode;
  user_id: string;
  permissions: PermissionEntry[];
};

/**
 * What was answered; an answer is given once. @returns `early`: asked again sooner than it may; null: it is
 * over
 */
export async function takeAnswer(
  sql: Sql,
  deviceHash: Buffer,
  leastS: number,
): Promise<Taken | 'early' | null> {
  const [row] = await sql.query<TakenRow & { is_early: boolean }>(
    `select answer, client, account_id, mode, user_id, permissions,
       coalesce(polled_at > now() - make_interval(secs => $2), false) as is_early
     from device_authorizations where device_hash = $1 and expires_at > now() for update`,
    [deviceHash, leastS],
  );
  if (row === undefined) return null;
  if (row.is_early) return 'early';
  if (row.answer === 'pending') {
    await sql.query('update device_authorizations set polled_at = now() where device_hash = $1', [
      deviceHash,
    ]);
    return { answer: row.answer, client: row.client };
  }
  await sql.query('delete from device_authorizations where device_hash = $1', [deviceHash]);
  const { answer, client, account_id: accountId, mode, user_id: userId, permissions } = row;
  return answer === 'approved'
    ? { answer, client, accountId, mode, userId, permissions }
    : { answer, client };
}
