// SQL of what listens to the events of a world: the triggers that can fire, and the revision by which a node
// knows whether what it has in memory still holds. Called by interest-directory.ts and trigger-interests.ts.
import type { Mode, World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { EventTriggerSettings } from './trigger.ts';

export type TriggerInterestRow = {
  id: string;
  functionId: string;
  delayMs: number;
  settings: EventTriggerSettings;
};

/**
 * Revisions of worlds, none where nothing has ever listened. Holds them until the transaction ends, together
 * with other publishers: a change of what listens waits until those who matched without it are done.
 */
export async function holdRevisions(
  sql: Sql,
  worlds: readonly World[],
): Promise<(World & { revision: number })[]> {
  const rows = await sql.query<{ account_id: string; mode: Mode; revision: number }>(
    // Not `unnest`: its length would be part of the plan, which is then made anew each time.
    `select account_id, mode, revision
     from jsonb_to_recordset($1::jsonb) as w(account_id text, mode mode)
     join trigger_revisions r using (account_id, mode)
     order by account_id, mode for share of r`,
    [JSON.stringify(worlds.map(({ accountId, mode }) => ({ account_id: accountId, mode })))],
    'hold revisions',
  );
  return rows.map((row) => ({ accountId: row.account_id, mode: row.mode, revision: row.revision }));
}

/** Event triggers that can fire, in the order in which they are preferred: the sooner, then the elder. */
export async function listEventTriggers(sql: Sql, world: World): Promise<TriggerInterestRow[]> {
  const rows = await sql.query<{
    id: string;
    function_id: string;
    delay_ms: number;
    settings: EventTriggerSettings;
  }>(
    `select t.id, t.function_id, t.delay_ms, t.settings
     from triggers t join functions f on f.id = t.function_id
     where t.account_id = $1 and t.mode = $2 and t.kind = 'account_event' and t.enabled and f.enabled
     order by t.delay_ms, t.created_at, t.id`,
    [world.accountId, world.mode],
  );
  return rows.map((row) => ({
    id: row.id,
    functionId: row.function_id,
    delayMs: row.delay_ms,
    settings: row.settings,
  }));
}
