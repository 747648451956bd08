// SQL that is the same for every table of things that belong to a world: one by its id, a page of them, one
// gone; and for things that have a name, written whole under a name that is nobody else's. Knows no table: a
// noun's store says which, and writes beside it what is its own. Such a table has id, account_id, mode and
// created_at; a named one also name and modified_at.

import type { QueryResultRow } from 'pg';
import { lockNamed } from '../postgres/advisory-locks.ts';
import type { Sql } from '../postgres/database.ts';
import type { World } from './account.ts';
import { foldName } from './fold-name.ts';

/** Name and columns are written in our code: they stand in statements as they are. */
export type Table<Row extends QueryResultRow, Thing> = {
  name: string;
  /** What {@link fromRow} reads, as after `select`. */
  columns: string;
  fromRow(row: Row): Thing;
};

/** `after`: the id of the last one of the page before. */
export type Page = { limit: number; after: string | null };

/** By column, each named in our code; what a `jsonb` column gets is text. */
export type NamedValues = { name: string; [column: string]: unknown };

export type WorldTable<Thing> = {
  get(sql: Sql, world: World, id: string): Promise<Thing | null>;
  /** Newest first. */
  list(sql: Sql, world: World, page: Page): Promise<Thing[]>;
  /** @returns whether it was there */
  remove(sql: Sql, world: World, id: string): Promise<boolean>;
};

export type NamedWorldTable<Thing> = WorldTable<Thing> & {
  /**
   * Adds one, or writes all of one that is there. Names are distinguished regardless of case.
   * @returns null where another one of the world has the name
   */
  put(sql: Sql, world: World, id: string, values: NamedValues): Promise<Thing | null>;
};

export function createWorldTable<Row extends QueryResultRow, Thing>(
  table: Table<Row, Thing>,
): WorldTable<Thing> {
  const { name, columns, fromRow } = table;
  return {
    async get(sql, world, id) {
      const [row] = await sql.query<Row>(
        `select ${columns} from ${name} where id = $1 and account_id = $2 and mode = $3`,
        [id, world.accountId, world.mode],
      );
      return row === undefined ? null : fromRow(row);
    },
    async list(sql, world, { limit, after }) {
      const rows = await sql.query<Row>(
        `select ${columns} from ${name}
         where account_id = $1 and mode = $2
           and ($3::text is null or (created_at, id) < (
             select l.created_at, l.id from ${name} l where l.id = $3 and l.account_id = $1 and l.mode = $2))
         order by created_at desc, id desc limit $4`,
        [world.accountId, world.mode, after, limit],
      );
      return rows.map(fromRow);
    },
    async remove(sql, world, id) {
      const rows = await sql.query(
        `delete from ${name} where id = $1 and account_id = $2 and mode = $3 returning id`,
        [id, world.accountId, world.mode],
      );
      return rows.length > 0;
    },
  };
}

export function createNamedWorldTable<Row extends QueryResultRow, Thing>(
  table: Table<Row, Thing>,
): NamedWorldTable<Thing> {
  const { name: into, columns, fromRow } = table;
  return {
    ...createWorldTable(table),
    async put(sql, world, id, { name, ...others }) {
      const names = Object.keys(others);
      const [row] = await sql.query<Row>(
        `insert into ${into} (${['id', 'account_id', 'mode', 'name', 'folded_name', ...names].join(', ')})
         select $1, $2, $3, $4, $5${names.map((_, at) => `, $${at + 6}`).join('')}
         where not exists (
           select from ${into} where account_id = $2 and mode = $3 and folded_name = $5 and id <> $1)
         on conflict (id) do update set ${['name', 'folded_name', ...names].map((column) => `${column} = excluded.${column}`).join(', ')},
           modified_at = now()
         where ${into}.account_id = excluded.account_id and ${into}.mode = excluded.mode
         returning ${columns}`,
        [id, world.accountId, world.mode, name, foldName(name), ...Object.values(others)],
      );
      return row === undefined ? null : fromRow(row);
    },
  };
}

/** Keeps others from adding to what a world, or an account, has in a table until the transaction ends. */
export async function lockAdding(
  sql: Sql,
  owner: Pick<World, 'accountId'> & Partial<World>,
  table: string,
): Promise<void> {
  await lockNamed(sql, 'adding', `${table} ${owner.accountId} ${owner.mode ?? ''}`);
}

/** As {@link lockAdding}. @returns how many there are */
export async function lockAndCount(sql: Sql, world: World, table: string): Promise<number> {
  await lockAdding(sql, world, table);
  const [row] = await sql.query<{ total: number }>(
    `select count(*) as total from ${table} where account_id = $1 and mode = $2`,
    [world.accountId, world.mode],
  );
  return row?.total ?? 0;
}
