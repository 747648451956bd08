// SQL that is the same for every line in which things of all accounts wait: the first ones of each account,
// so that however many one account has waiting, another's single one is among the next. An account that is
// stopped has no turn. Knows no table: the store says which. Texts are written in our code.
import { isActive } from './account-status-store.ts';

export type Line = {
  table: string;
  /** Of rows that wait, as in the index (account_id, {@link order}): by it the accounts are found. */
  waits: string;
  /** Of those that may be taken now. */
  isDue: string;
  /** Column by which an account's own are taken. */
  order: string;
  /** Column that names a row. */
  key: string;
  /** As in a statement, e.g. `$1`: how many of one account. */
  ofAccount: string;
};

/** Of a line's `ofAccount`: each account's share of so many, at least one. */
export function shareOf(all: string): string {
  return `(select ceil(${all}::numeric / greatest(1, count(*)))::bigint from owners where account_id is not null)`;
}

/**
 * What stands in `with recursive owners(account_id) as (...)`: accounts that have something waiting, the last
 * one null.
 */
export function ownersOf({ table, waits }: Pick<Line, 'table' | 'waits'>): string {
  return `
    (select account_id from ${table} where ${waits} order by account_id limit 1)
    union all
    select (select n.account_id from ${table} n where ${waits} and n.account_id > o.account_id order by n.account_id limit 1)
    from owners o where o.account_id is not null`;
}

/**
 * The accounts that have something waiting, and `turns (key, account_id, place, turn)`: their first ones,
 * locked, which others have not. Stands behind `with recursive`. A statement that also reads the rows
 * themselves locks them once more, or sees what they were when it began.
 */
export function turnsOverAccounts({ table, waits, isDue, order, key, ofAccount }: Line): string {
  return `owners(account_id) as (${ownersOf({ table, waits })}), turns as (
    select due.key, owners.account_id, due.place, row_number() over (partition by owners.account_id order by due.place) as turn
    from owners cross join lateral (
      select w.${key} as key, w.${order} as place from ${table} w
      where w.account_id = owners.account_id and ${waits} and ${isDue}
      order by w.${order} limit ${ofAccount} for update of w skip locked
    ) as due
    where owners.account_id is not null and ${isActive('owners.account_id')}
  )`;
}

/**
 * In how many ms the first thing of any account is due, as an expression behind `with recursive owners`, of
 * what nobody holds.
 */
export function firstDue({ table, waits, order }: Pick<Line, 'table' | 'waits' | 'order'>): string {
  return `(select min(first.place) from owners cross join lateral (
      select w.${order} as place from ${table} w where w.account_id = owners.account_id and ${waits} order by w.${order} limit 1) as first
    where ${isActive('owners.account_id')})`;
}
