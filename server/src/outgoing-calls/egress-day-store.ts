// SQL of the audit of egress: whom each function of an account has called, and was kept from, on each day
// (UTC). One row a destination, counted up; beyond what a function may have on a day, all others are one row.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { Protocol, Verdict } from './outgoing-call.ts';

/** Destinations of one function and day that stand by themselves. */
const MOST_DESTINATIONS = 1_000;

export type EgressDay = {
  /** 2026-12-01 */
  day: string;
  functionId: string;
  verdict: Verdict;
  protocol: Protocol;
  /** Empty: one of many more. */
  address: string;
  port: number;
  /** Empty: unknown. */
  host: string;
  calls: number;
  bytesSent: number;
  bytesReceived: number;
  firstAt: Date;
  lastAt: Date;
};

type Row = World & { row: EgressDay };

/** @returns those that were not seen on their day before */
export async function countEgress(sql: Sql, counted: readonly Row[]): Promise<Row[]> {
  const rows = counted.map(({ accountId, mode, row }, at) => ({
    ...{ at, account_id: accountId, mode, day: row.day, function_id: row.functionId, verdict: row.verdict },
    ...{ protocol: row.protocol, address: row.address, port: row.port, host: row.host, calls: row.calls },
    ...{ bytes_sent: row.bytesSent, bytes_received: row.bytesReceived },
    ...{ first_at: row.firstAt, last_at: row.lastAt },
  }));
  const fresh = await sql.query<{ key: string }>(
    `with given as (
       select * from jsonb_populate_recordset(null::egress_days, $1::jsonb)
     ), full_days as (
       select distinct account_id, mode, day, function_id from given g
       where (select count(*) from egress_days d where d.account_id = g.account_id and d.mode = g.mode
         and d.day = g.day and d.function_id = g.function_id) >= $2
     ), placed as (
       select account_id, mode, day, function_id, verdict, protocol,
         case when is_known then address else '' end as address, case when is_known then port else 0 end as port,
         case when is_known then host else '' end as host, calls, bytes_sent, bytes_received, first_at, last_at
       from given g, lateral (select (account_id, mode, day, function_id) not in (
           select account_id, mode, day, function_id from full_days)
         or exists (select from egress_days d where (d.account_id, d.mode, d.day, d.function_id, d.verdict, d.protocol,
             d.address, d.port, d.host)
           = (g.account_id, g.mode, g.day, g.function_id, g.verdict, g.protocol, g.address, g.port, g.host)) as is_known) k
     ), summed as (
       select account_id, mode, day, function_id, verdict, protocol, address, port, host, sum(calls) as calls,
         sum(bytes_sent) as bytes_sent, sum(bytes_received) as bytes_received, min(first_at) as first_at,
         max(last_at) as last_at
       from placed group by 1, 2, 3, 4, 5, 6, 7, 8, 9 order by 1, 2, 3, 4, 5, 6, 7, 8, 9
     )
     insert into egress_days as d (account_id, mode, day, function_id, verdict, protocol, address, port, host, calls,
       bytes_sent, bytes_received, first_at, last_at)
     select * from summed
     on conflict (account_id, mode, day, function_id, verdict, protocol, address, port, host) do update set
       calls = d.calls + excluded.calls, bytes_sent = d.bytes_sent + excluded.bytes_sent,
       bytes_received = d.bytes_received + excluded.bytes_received,
       first_at = least(d.first_at, excluded.first_at), last_at = greatest(d.last_at, excluded.last_at)
     returning case when xmax = 0 then concat_ws(' ', account_id, mode, day, function_id, verdict, protocol, address, port,
       host) end as key`,
    [JSON.stringify(rows), MOST_DESTINATIONS],
    'count egress',
  );
  const keys = new Set(fresh.map(({ key }) => key));
  return counted.filter((one) => keys.has(keyOf(one)));
}

function keyOf({ accountId, mode, row }: Row): string {
  const { day, functionId, verdict, protocol, address, port, host } = row;
  return [accountId, mode, day, functionId, verdict, protocol, address, port, host].join(' ');
}

/** How many destinations a function was kept from on a day. */
export async function countRefused(
  sql: Sql,
  { accountId, mode }: World,
  { day, functionId }: Pick<EgressDay, 'day' | 'functionId'>,
): Promise<number> {
  const [row] = await sql.query<{ total: number }>(
    `select count(*) as total from egress_days
     where account_id = $1 and mode = $2 and day = $3 and function_id = $4 and verdict = 'refused'`,
    [accountId, mode, day, functionId],
  );
  return row?.total ?? 0;
}

export type EgressFilter = {
  /** Both included. */
  from: string;
  to: string;
  functionId: string | null;
  verdict: Verdict | null;
  /** Of the last one of the page before. */
  after: readonly string[] | null;
};

type StoredRow = {
  day: string;
  function_id: string;
  verdict: Verdict;
  protocol: Protocol;
  address: string;
  port: number;
  host: string;
  calls: number;
  bytes_sent: number;
  bytes_received: number;
  first_at: Date;
  last_at: Date;
};

/** By day, function and destination. */
export async function listEgress(
  sql: Sql,
  { accountId, mode }: World,
  { from, to, functionId, verdict, after }: EgressFilter,
  limit: number,
): Promise<EgressDay[]> {
  const rows = await sql.query<StoredRow>(
    `select day::text, function_id, verdict, protocol, address, port, host, calls, bytes_sent, bytes_received, first_at,
       last_at
     from egress_days
     where account_id = $1 and mode = $2 and day between $3 and $4 and ($5::text is null or function_id = $5)
       and ($6::text is null or verdict = $6)
       and ($7::text[] is null or (day, function_id, verdict, protocol, address, port, host) > (
         ($7::text[])[1]::date, ($7::text[])[2], ($7::text[])[3], ($7::text[])[4], ($7::text[])[5],
         ($7::text[])[6]::integer, ($7::text[])[7]))
     order by day, function_id, verdict, protocol, address, port, host limit $8`,
    [accountId, mode, from, to, functionId, verdict, after, limit],
  );
  return rows.map((row) => ({
    ...{ day: row.day, functionId: row.function_id, verdict: row.verdict, protocol: row.protocol },
    ...{ address: row.address, port: row.port, host: row.host, calls: row.calls },
    ...{ bytesSent: row.bytes_sent, bytesReceived: row.bytes_received },
    ...{ firstAt: row.first_at, lastAt: row.last_at },
  }));
}

/** Over all accounts. @returns how many went, at most `limit` */
export async function deleteOldEgress(sql: Sql, keptDays: number, limit: number): Promise<number> {
  const rows = await sql.query(
    `delete from egress_days where ctid = any (array(
       select ctid from egress_days where day < (now() at time zone 'utc')::date - $1::integer limit $2)) returning 1 as gone`,
    [keptDays, limit],
  );
  return rows.length;
}
