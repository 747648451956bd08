// SQL of what may start a function: its triggers, and what else names it. For people who look at a function,
// or are about to delete it; never asked for a call. Called by the API.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { TriggerKind } from '../runs/run-input.ts';

/** One that may start the function; `enabled`: by itself, whatever the function is. */
export type FunctionUse = { kind: TriggerKind; id: string; name: string | null; enabled: boolean };

const NAMES_IN_NODES = `nodes @> jsonb_build_array(jsonb_build_object('functionId', $3::text))`;

/** What names functions besides triggers: kind of the runs that it makes, and where it stands. */
type Named = {
  kind: TriggerKind;
  table: string;
  where: string;
  /** Columns, where they aren't called so. */
  id?: string;
  name?: string;
  enabled?: string;
  order?: string;
};

const NAMED_BY: readonly Named[] = [
  { kind: 'flow', table: 'flows', where: NAMES_IN_NODES },
  { kind: 'email_template', table: 'email_templates', where: 'function_id = $3' },
  { kind: 'auto_query', table: 'queries', where: 'function_id = $3' },
  { kind: 'payment_profile', table: 'payment_profiles', where: NAMES_IN_NODES },
  {
    ...{ kind: 'subscription', table: 'event_subscriptions', name: 'comments', enabled: 'active' },
    // Ids are random: no other address has one in it.
    where: "method = 'http' and strpos(destination, $3) > 0",
  },
  {
    ...{ kind: 'http', table: 'endpoints', id: 'path', name: "concat_ws('/', folder, file)" },
    ...{ enabled: 'true', order: 'path', where: 'function_id = $3 and retired_at is null' },
  },
  {
    ...{ kind: 'ai_assistant', table: 'inline_functions', id: 'function_id', enabled: 'true' },
    ...{ order: 'function_id', where: "function_id = $3 and settings ->> 'eventSource' = 'ai_assistant'" },
  },
];

/** At most `most` of each kind, newest first. */
export async function listFunctionUses(
  sql: Sql,
  world: World,
  functionId: string,
  most: number,
): Promise<FunctionUse[]> {
  const triggers = `(select kind, id, name, enabled from (
      select kind, id, name, enabled, row_number() over (partition by kind order by created_at desc, id desc) as n
      from triggers where account_id = $1 and mode = $2 and function_id = $3) as t where n <= $4)`;
  const named = NAMED_BY.map(
    ({
      kind,
      table,
      where,
      id = 'id',
      name = 'name',
      enabled = 'enabled',
      order = 'created_at desc, id desc',
    }) =>
      `(select '${kind}' as kind, ${id} as id, ${name} as name, ${enabled} as enabled from ${table}
      where account_id = $1 and mode = $2 and ${where} order by ${order} limit $4)`,
  );
  return await sql.query<FunctionUse>([triggers, ...named].join(' union all '), [
    ...[world.accountId, world.mode, functionId, most],
  ]);
}

/** How many triggers of each kind functions have: by id, then by kind. */
export async function countTriggersOf(
  sql: Sql,
  world: World,
  functionIds: readonly string[],
): Promise<Map<string, Record<string, number>>> {
  const rows = await sql.query<{ function_id: string; kinds: Record<string, number> }>(
    `select function_id, jsonb_object_agg(kind, n) as kinds from (
       select function_id, kind, count(*) as n from triggers
       where account_id = $1 and mode = $2 and function_id = any($3) group by function_id, kind) as counted
     group by function_id`,
    [world.accountId, world.mode, functionIds],
  );
  return new Map(rows.map(({ function_id, kinds }) => [function_id, kinds]));
}
