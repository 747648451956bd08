// SQL by which nodes announce which runs are followed, and what those print. Called by line-relay.ts.
import type { Sql } from '../postgres/database.ts';
import { FOLLOW_CHANNEL, LINES_CHANNEL } from './line-relay.ts';

export async function announceFollowing(sql: Sql, runIds: readonly string[]): Promise<void> {
  await notifyAll(sql, FOLLOW_CHANNEL, runIds);
}

/** In their order. */
export async function announceLines(sql: Sql, messages: readonly string[]): Promise<void> {
  await notifyAll(sql, LINES_CHANNEL, messages);
}

async function notifyAll(sql: Sql, channel: string, messages: readonly string[]): Promise<void> {
  await sql.query('select pg_notify($1, message) from unnest($2::text[]) as message', [channel, messages]);
}
