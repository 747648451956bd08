// SQL of the certificates that an authority gives, and of the account with it. Over all nodes one name is
// asked for at a time, by the node that has the lease: what it writes counts only while the claim is its own.
// Every new certificate is announced on CERTIFICATE_CHANNEL. Called by obtain-certificates.ts and
// served-certificates.ts.
import { lockWhole } from '../postgres/advisory-locks.ts';
import type { Database, Sql } from '../postgres/database.ts';

/** PostgreSQL channel; the payload says nothing. */
export const CERTIFICATE_CHANNEL = 'millrace_certificates_changed';

export type AcmeAccount = { sealedKey: Buffer; thumbprint: string; url: string | null };
export type ClaimedName = { name: string; claims: number; failures: number };
export type StoredCertificate = { name: string; chain: string; sealedKey: Buffer };

/** What is to be known of a name's certificate. `problem`: of the last try, where that was refused. */
export type CertificateState = {
  name: string;
  expiresAt: Date | null;
  problem: string | null;
  dueAt: Date;
};

/** Longer than an order may take. */
const LEASE_S = 300;
/**
 * Orders of a day, and those of names that were refused last: these can't use up what the others need. Within
 * what authorities allow.
 */
const MOST_ORDERS = 200;
const MOST_RETRIES = 100;
/** A name that no node has asked for that long is asked for no more; later, it is forgotten. */
const WANTED_WITHIN = "interval '3 hours'";
const FORGOTTEN_AFTER = "interval '7 days'";
/** Until all nodes know a new name. */
const FIRST_ASKED_AFTER = "interval '2 seconds'";

/** A key is made by the first; all use that one. */
export async function insertAccount(
  sql: Sql,
  directory: string,
  { sealedKey, thumbprint }: Omit<AcmeAccount, 'url'>,
): Promise<void> {
  await sql.query(
    `insert into acme_accounts (directory, sealed_key, thumbprint) values ($1, $2, $3)
     on conflict (directory) do nothing`,
    [directory, sealedKey, thumbprint],
  );
  await announce(sql);
}

export async function findAccount(sql: Sql, directory: string): Promise<AcmeAccount | null> {
  const [row] = await sql.query<{ sealed_key: Buffer; thumbprint: string; url: string | null }>(
    'select sealed_key, thumbprint, url from acme_accounts where directory = $1',
    [directory],
  );
  return row === undefined ? null : { sealedKey: row.sealed_key, thumbprint: row.thumbprint, url: row.url };
}

/** @param url null: the authority doesn't know it any more */
export async function setAccountUrl(sql: Sql, directory: string, url: string | null): Promise<void> {
  await sql.query('update acme_accounts set url = $2 where directory = $1', [directory, url]);
}

/** Notes names that this node is reached by. @returns whether any is new */
export async function wantNames(sql: Sql, directory: string, names: readonly string[]): Promise<boolean> {
  const rows = await sql.query(
    `insert into certificates as c (name, directory, due_at)
     select name, $1, now() + ${FIRST_ASKED_AFTER} from unnest($2::text[]) as name
     on conflict (name) do update set wanted_at = now(), directory = excluded.directory,
       due_at = case when c.directory = excluded.directory then c.due_at else now() end,
       failures = case when c.directory = excluded.directory then c.failures else 0 end
     where c.wanted_at < now() - interval '1 hour' or c.directory <> excluded.directory
     returning name`,
    [directory, names],
  );
  return rows.length > 0;
}

export async function deleteUnwanted(sql: Sql): Promise<void> {
  await sql.query(`delete from certificates where wanted_at < now() - ${FORGOTTEN_AFTER}`);
}

/** @returns a name that is due and nobody's, and its claim; null: there is none, or another is asked for */
export function claimName(database: Database, directory: string): Promise<ClaimedName | null> {
  return database.transaction(async (sql) => {
    await lockWhole(sql, 'certificates');
    const [claimed] = await sql.query<ClaimedName>(
      `update certificates set claims = claims + 1, lease_until = now() + make_interval(secs => $2)
       where name = (
         select c.name from certificates c join acme_accounts a on a.directory = c.directory
         where c.directory = $1 and c.due_at <= now() and c.wanted_at > now() - ${WANTED_WITHIN}
           and a.resting_until <= now()
           and not exists (select 1 from certificates where lease_until > now())
           and (a.day <> current_date or a.orders < $3 and c.failures = 0 or a.retries < $4 and c.failures > 0)
         order by c.failures, c.due_at limit 1)
       returning name, claims, failures`,
      [directory, LEASE_S, MOST_ORDERS, MOST_RETRIES],
    );
    if (claimed === undefined) return null;
    await sql.query(
      `update acme_accounts set day = current_date,
         orders = case when day = current_date then orders else 0 end + $2,
         retries = case when day = current_date then retries else 0 end + $3
       where directory = $1`,
      [directory, claimed.failures === 0 ? 1 : 0, claimed.failures === 0 ? 0 : 1],
    );
    return claimed;
  });
}

/** @returns how long until a name may be claimed, on the database's clock; null: none is known. ms */
export async function msUntilDue(sql: Sql, directory: string): Promise<number | null> {
  const [row] = await sql.query<{ ms: number | null }>(
    `select extract(epoch from greatest(
         (select min(due_at) from certificates where directory = $1 and wanted_at > now() - ${WANTED_WITHIN}),
         (select max(lease_until) from certificates),
         (select resting_until from acme_accounts where directory = $1)) - now())::float8 * 1000 as ms`,
    [directory],
  );
  return row?.ms ?? null;
}

export type NewCertificate = { chain: string; sealedKey: Buffer; validTo: Date; renewInS: number };

export async function writeCertificate(
  sql: Sql,
  directory: string,
  { name, claims }: ClaimedName,
  { chain, sealedKey, validTo, renewInS }: NewCertificate,
): Promise<void> {
  await sql.query(
    `update certificates set chain = $3, sealed_key = $4, issued_at = now(), expires_at = $5,
       due_at = now() + make_interval(secs => $6), failures = 0, problem = null, lease_until = null
     where name = $1 and claims = $2`,
    [name, claims, chain, sealedKey, validTo, renewInS],
  );
  await sql.query(
    'update acme_accounts set failures = 0, problem = null where directory = $1 and failures > 0',
    [directory],
  );
  await announce(sql);
}

/** A refusal is of the name alone. */
export async function writeRefusal(
  sql: Sql,
  { name, claims }: ClaimedName,
  { problem, retryInS }: { problem: string; retryInS: number },
): Promise<void> {
  await sql.query(
    `update certificates set failures = failures + 1, problem = $3, lease_until = null,
       due_at = now() + make_interval(secs => $4)
     where name = $1 and claims = $2`,
    [name, claims, problem, retryInS],
  );
}

/** The authority wasn't there, or not in order: the name is given back, and nothing is asked for a while. */
export async function writeOutage(
  sql: Sql,
  directory: string,
  { name, claims }: ClaimedName,
  { problem, restS }: { problem: string; restS(failures: number): number },
): Promise<void> {
  await sql.query('update certificates set lease_until = null where name = $1 and claims = $2', [
    name,
    claims,
  ]);
  const [row] = await sql.query<{ failures: number }>(
    'update acme_accounts set failures = failures + 1, problem = $2 where directory = $1 returning failures',
    [directory, problem],
  );
  await sql.query(
    'update acme_accounts set resting_until = now() + make_interval(secs => $2) where directory = $1',
    [directory, restS(row?.failures ?? 1)],
  );
}

/** Of all names that have one: which it is. */
export async function listIssued(sql: Sql): Promise<{ name: string; issuedAt: number }[]> {
  const rows = await sql.query<{ name: string; issued_at: Date }>(
    'select name, issued_at from certificates where issued_at is not null',
  );
  return rows.map(({ name, issued_at }) => ({ name, issuedAt: issued_at.getTime() }));
}

export async function readCertificates(sql: Sql, names: readonly string[]): Promise<StoredCertificate[]> {
  const rows = await sql.query<{ name: string; chain: string; sealed_key: Buffer }>(
    'select name, chain, sealed_key from certificates where name = any($1::text[]) and chain is not null',
    [names],
  );
  return rows.map(({ name, chain, sealed_key }) => ({ name, chain, sealedKey: sealed_key }));
}

export async function readStates(sql: Sql, names: readonly string[]): Promise<CertificateState[]> {
  const rows = await sql.query<{
    name: string;
    expires_at: Date | null;
    problem: string | null;
    due_at: Date;
  }>('select name, expires_at, problem, due_at from certificates where name = any($1::text[])', [names]);
  return rows.map((row) => ({
    ...{ name: row.name, expiresAt: row.expires_at, problem: row.problem, dueAt: row.due_at },
  }));
}

export type CertificateSummary = {
  wanted: number;
  issued: number;
  /** One that was refused last, as an example; null: none was. */
  refused: { count: number; name: string; problem: string } | null;
  /** Of the authority itself; null: it is there. */
  outage: string | null;
  /** Wanted names whose certificate is over. */
  expired: number;
};

export async function readSummary(sql: Sql, directory: string): Promise<CertificateSummary> {
  const [row] = await sql.query<{
    wanted: number;
    issued: number;
    expired: number;
    refused: number;
    name: string | null;
    problem: string | null;
    outage: string | null;
  }>(
    `with wanted as (
       select * from certificates where directory = $1 and wanted_at > now() - ${WANTED_WITHIN})
     select count(*) as wanted, count(chain) as issued, count(*) filter (where expires_at < now()) as expired,
       count(problem) as refused, (select name from wanted where problem is not null order by name limit 1) as name,
       (select problem from wanted where problem is not null order by name limit 1) as problem,
       (select problem from acme_accounts where directory = $1) as outage
     from wanted`,
    [directory],
  );
  const { wanted = 0, issued = 0, expired = 0, refused = 0, outage = null } = row ?? {};
  const example = row?.name == null ? null : { count: refused, name: row.name, problem: row.problem ?? '' };
  return { wanted, issued, expired, refused: example, outage };
}

async function announce(sql: Sql): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [CERTIFICATE_CHANNEL, '']);
}
