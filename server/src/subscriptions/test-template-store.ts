// Payloads that subscriptions are tested with, in the database. A public one is seen by every account of the
// mode and changed only by its own: reads name the world that asks, writes the world that owns.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';

export type TestTemplateSettings = {
  name: string;
  eventType: string;
  /** For which subscriptions it is meant: those that expand the same. */
  eventExpand: string | null;
  payload: Record<string, unknown>;
  resourceId: string | null;
  isPublic: boolean;
};

export type TestTemplate = World & TestTemplateSettings & { id: string; createdAt: Date; modifiedAt: Date };

type TemplateRow = {
  account_id: string;
  mode: World['mode'];
  id: string;
  name: string;
  event_type: string;
  event_expand: string | null;
  payload: Record<string, unknown>;
  resource_id: string | null;
  is_public: boolean;
  created_at: Date;
  modified_at: Date;
};

const COLUMNS = `t.account_id, t.mode, t.id, t.name, t.event_type, t.event_expand, t.payload, t.resource_id, t.is_public,
  t.created_at, t.modified_at`;
const SEEN = 't.mode = $2 and (t.account_id = $1 or t.is_public)';

/** The account's own, else a public one of that id. */
export async function findTestTemplate(sql: Sql, world: World, id: string): Promise<TestTemplate | null> {
  const [row] = await sql.query<TemplateRow>(
    `select ${COLUMNS} from event_test_templates t where ${SEEN} and t.id = $3 order by t.account_id = $1 desc limit 1`,
    [world.accountId, world.mode, id],
  );
  return row === undefined ? null : fromRow(row);
}

export type NewTestTemplate = World & TestTemplateSettings & { id: string };

/** @returns null where the account, or a public one of another, has the id */
export async function insertTestTemplate(sql: Sql, made: NewTestTemplate): Promise<TestTemplate | null> {
  const [row] = await sql.query<TemplateRow>(
    `insert into event_test_templates as t (account_id, mode, id, name, event_type, event_expand, payload, resource_id, is_public)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict do nothing returning ${COLUMNS}`,
    stateOf(made),
  );
  return row === undefined ? null : fromRow(row);
}

/**
 * @returns null where it isn't the account's; `taken` where it became public and another public one has its
 * id
 */
export async function updateTestTemplate(
  sql: Sql,
  changed: NewTestTemplate,
): Promise<TestTemplate | 'taken' | null> {
  const [row] = await sql.query<TemplateRow>(
    `update event_test_templates t
     set name = $4, event_type = $5, event_expand = $6, payload = $7, resource_id = $8, is_public = $9, modified_at = now()
     where t.account_id = $1 and t.mode = $2 and t.id = $3 and not ($9 and exists (
       select from event_test_templates o where o.mode = $2 and o.id = $3 and o.is_public and o.account_id <> $1))
     returning ${COLUMNS}`,
    stateOf(changed),
  );
  if (row !== undefined) return fromRow(row);
  const own = await sql.query(
    'select from event_test_templates where account_id = $1 and mode = $2 and id = $3',
    [...[changed.accountId, changed.mode, changed.id]],
  );
  return own.length > 0 ? 'taken' : null;
}

/** @returns whether the account had it */
export async function deleteTestTemplate(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    'delete from event_test_templates where account_id = $1 and mode = $2 and id = $3 returning id',
    [world.accountId, world.mode, id],
  );
  return rows.length > 0;
}

const SORT_COLUMNS = {
  name: 'lower(t.name)',
  createdAt: 't.created_at',
  modifiedAt: 't.modified_at',
} as const;
export type TestTemplateSort = keyof typeof SORT_COLUMNS;

export type TestTemplateQuery = {
  /** null: whatever it is. */
  eventType: string | null;
  eventExpand: string | null;
  isPublic: boolean | null;
  text: string | null;
  sortBy: TestTemplateSort;
  order: 'ascending' | 'descending';
  limit: number;
  offset: number;
};

export async function listTestTemplates(
  sql: Sql,
  world: World,
  query: TestTemplateQuery,
): Promise<{ templates: TestTemplate[]; totalItems: number }> {
  const filter = `${SEEN} and ($3::text is null or t.event_type = $3)
    and ($4::text is null or coalesce(t.event_expand, '') = $4) and ($5::boolean is null or t.is_public = $5)
    and ($6::text is null or t.name ilike $6 or t.id ilike $6 or t.event_type ilike $6)`;
  const text = query.text === null ? null : `%${query.text.replace(/[\\%_]/g, '\\$&')}%`;
  const values = [world.accountId, world.mode, query.eventType, query.eventExpand, query.isPublic, text];
  const direction = query.order === 'descending' ? 'desc' : 'asc';
  const [counted] = await sql.query<{ total: number }>(
    `select count(*) as total from event_test_templates t where ${filter}`,
    values,
  );
  const rows = await sql.query<TemplateRow>(
    `select ${COLUMNS} from event_test_templates t where ${filter}
     order by ${SORT_COLUMNS[query.sortBy]} ${direction}, t.id ${direction}, t.account_id limit $7 offset $8`,
    [...values, query.limit, query.offset],
  );
  return { templates: rows.map(fromRow), totalItems: counted?.total ?? 0 };
}

function stateOf(one: NewTestTemplate): unknown[] {
  return [
    ...[one.accountId, one.mode, one.id, one.name, one.eventType, one.eventExpand],
    ...[JSON.stringify(one.payload), one.resourceId, one.isPublic],
  ];
}

function fromRow(row: TemplateRow): TestTemplate {
  return {
    accountId: row.account_id,
    mode: row.mode,
    id: row.id,
    name: row.name,
    eventType: row.event_type,
    eventExpand: row.event_expand,
    payload: row.payload,
    resourceId: row.resource_id,
    isPublic: row.is_public,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
