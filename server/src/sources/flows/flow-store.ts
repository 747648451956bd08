// SQL of flows. Every change bumps the world's revision of what listens to events, by the database itself.
// Called by the API.
import type { World } from '../../accounts/account.ts';
import { createWorldTable } from '../../accounts/world-table-store.ts';
import type { Sql } from '../../postgres/database.ts';
import type { Flow } from './flow.ts';
import type { FlowFields } from './flow-fields.ts';

type Row = {
  id: string;
  account_id: string;
  mode: World['mode'];
  name: string;
  description: string | null;
  kind: Flow['kind'];
  enabled: boolean;
  starts: string[];
  nodes: Flow['nodes'];
  created_at: Date;
  modified_at: Date;
};

const COLUMNS =
  'id, account_id, mode, name, description, kind, enabled, starts, nodes, created_at, modified_at';

/** The runs of one that is removed go on. */
export const FLOWS = createWorldTable({ name: 'flows', columns: COLUMNS, fromRow });

export async function insertFlow(sql: Sql, world: World, id: string, made: FlowFields): Promise<Flow> {
  const rows = await sql.query<Row>(
    `insert into flows (id, account_id, mode, name, description, kind, enabled, starts, nodes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${COLUMNS}`,
    [id, world.accountId, world.mode, ...valuesOf(made)],
  );
  return fromRow(rows[0] as Row);
}

/** @returns null where it is not in this world */
export async function updateFlow(
  sql: Sql,
  world: World,
  id: string,
  state: FlowFields,
): Promise<Flow | null> {
  const [row] = await sql.query<Row>(
    `update flows set name = $4, description = $5, kind = $6, enabled = $7, starts = $8, nodes = $9, modified_at = now()
     where id = $1 and account_id = $2 and mode = $3 returning ${COLUMNS}`,
    [id, world.accountId, world.mode, ...valuesOf(state)],
  );
  return row === undefined ? null : fromRow(row);
}

/** Keeps others from changing it until the transaction ends. */
export async function lockFlow(sql: Sql, world: World, id: string): Promise<Flow | null> {
  const [row] = await sql.query<Row>(
    `select ${COLUMNS} from flows where id = $1 and account_id = $2 and mode = $3 for update`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

export type StartableFlow = Pick<Flow, 'id' | 'starts'> & { /** Of its nodes, as JSON. */ bytes: number };

/** Those that events may start. */
export async function listStartable(sql: Sql, world: World): Promise<StartableFlow[]> {
  return await sql.query<StartableFlow>(
    `select id, starts, octet_length(nodes::text) as bytes from flows
     where account_id = $1 and mode = $2 and enabled order by created_at, id`,
    [world.accountId, world.mode],
  );
}

function valuesOf(fields: FlowFields): unknown[] {
  const { name, description, kind, enabled, starts, nodes } = fields;
  return [name, description, kind, enabled, starts, JSON.stringify(nodes)];
}

function fromRow(row: Row): Flow {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    name: row.name,
    description: row.description,
    kind: row.kind,
    enabled: row.enabled,
    starts: row.starts,
    nodes: row.nodes,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
