// SQL of the mails that templates become. One is held by whoever works on it for a bounded time; what he writes counts only while
// the claim is his own.
//
//   queued: asking -> waiting (for its function) -> sending -> sent | failed       (asking -> sending without a function)
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { TemplateInput } from './email-template.ts';

export type TemplateMail = World & {
  id: string;
  templateId: string;
  eventId: string | null;
  input: TemplateInput;
  status: 'queued' | 'sent' | 'failed';
  phase: 'asking' | 'waiting' | 'sending';
  runId: string | null;
  customData: Record<string, unknown> | null;
  dueAt: Date | null;
  claims: number;
  attempts: number;
  error: string | null;
  recipients: string[];
  messageId: string | null;
  createdAt: Date;
  endedAt: Date | null;
};

type Row = {
  id: string;
  account_id: string;
  mode: World['mode'];
  template_id: string;
  event_id: string | null;
  input: TemplateInput;
  status: TemplateMail['status'];
  phase: TemplateMail['phase'];
  run_id: string | null;
  custom_data: Record<string, unknown> | null;
  due_at: Date | null;
  claims: number;
  attempts: number;
  error: string | null;
  recipients: string[];
  message_id: string | null;
  created_at: Date;
  ended_at: Date | null;
};

const COLUMNS = `id, account_id, mode, template_id, event_id, input, status, phase, run_id, custom_data, due_at, claims, attempts,
  error, recipients, message_id, created_at, ended_at`;

/** PostgreSQL channel: a mail may be due. */
export const MAILS_CHANNEL = 'millrace_template_mails';

export type NewMail = Pick<TemplateMail, 'accountId' | 'mode' | 'id' | 'templateId' | 'eventId' | 'input'>;

/** Due at once. */
export async function insertMails(sql: Sql, made: readonly NewMail[]): Promise<void> {
  if (made.length === 0) return;
  const rows = made.map((mail) => ({
    ...{ id: mail.id, account_id: mail.accountId, mode: mail.mode, template_id: mail.templateId },
    ...{ event_id: mail.eventId, input: mail.input },
  }));
  await sql.query(
    `insert into template_mails (id, account_id, mode, template_id, event_id, input)
     select id, account_id, mode, template_id, event_id, input from jsonb_populate_recordset(null::template_mails, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
  await announceDue(sql);
}

/** `except`: accounts that have enough in hand. */
export type MailRoom = { limit: number; except: readonly string[]; holdMs: number };

/** Over all accounts: sending is the platform's own work. Whoever lets the time of one pass loses it. */
export async function claimMails(sql: Sql, { limit, except, holdMs }: MailRoom): Promise<TemplateMail[]> {
  const rows = await sql.query<Row>(
    `update template_mails set claims = claims + 1, held_until = now() + make_interval(secs => $3::float8 / 1000)
     where id in (
       select id from template_mails
       where status = 'queued' and due_at <= now() and (held_until is null or held_until < now())
         and account_id <> all($2::text[])
       order by due_at limit $1 for update skip locked)
     returning ${COLUMNS}`,
    [limit, except, holdMs],
  );
  return rows.map(fromRow);
}

/** Holds claimed mails for longer. */
export async function renewMails(sql: Sql, held: readonly Claimed[], holdMs: number): Promise<void> {
  await sql.query(
    `update template_mails m set held_until = now() + make_interval(secs => $2::float8 / 1000)
     from jsonb_to_recordset($1::jsonb) as h(id uuid, account_id text, claims integer)
     where m.id = h.id and m.account_id = h.account_id and m.claims = h.claims and m.held_until is not null`,
    [
      JSON.stringify(held.map(({ accountId, id, claims }) => ({ id, account_id: accountId, claims }))),
      holdMs,
    ],
  );
}

/** How long until the next is due, on the database's clock; null: none is. ms */
export async function msUntilMail(sql: Sql, except: readonly string[]): Promise<number | null> {
  const [row] = await sql.query<{ ms: number | null }>(
    `select extract(epoch from min(greatest(due_at, held_until)) - now())::float8 * 1000 as ms
     from template_mails where status = 'queued' and due_at is not null and account_id <> all($1::text[])`,
    [except],
  );
  return row?.ms ?? null;
}

type Claimed = Pick<TemplateMail, 'accountId' | 'id' | 'claims'>;

/** It waits for its function's run now. @returns whether the claim was still its own */
export async function waitForRun(sql: Sql, mail: Claimed, runId: string): Promise<boolean> {
  const rows = await sql.query(
    `update template_mails set phase = 'waiting', run_id = $4, due_at = null, held_until = null
     where id = $1 and account_id = $2 and claims = $3 and status = 'queued' returning id`,
    [mail.id, mail.accountId, mail.claims, runId],
  );
  return rows.length > 0;
}

export type MailEnd =
  | { status: 'sent'; recipients: string[]; messageId: string; note: string | null }
  | { status: 'failed'; error: string }
  | { status: 'again'; error: string; afterMs: number };

/** Ends an attempt. Counts only while the claim is the caller's. */
export async function endMail(sql: Sql, mail: Claimed, end: MailEnd): Promise<void> {
  const isAgain = end.status === 'again';
  await sql.query(
    `update template_mails set status = $4::text, phase = 'sending', held_until = null, attempts = attempts + 1, error = $5,
       due_at = now() + make_interval(secs => $6::float8 / 1000), recipients = $7, message_id = $8,
       ended_at = case when $4::text = 'queued' then null else now() end
     where id = $1 and account_id = $2 and claims = $3 and status = 'queued'`,
    [
      ...[mail.id, mail.accountId, mail.claims, isAgain ? 'queued' : end.status],
      ...[end.status === 'sent' ? end.note : end.error, isAgain ? end.afterMs : null],
      ...[end.status === 'sent' ? end.recipients : [], end.status === 'sent' ? end.messageId : null],
    ],
  );
}

export type AskedRun = {
  accountId: string;
  runId: string;
  customData: Record<string, unknown> | null;
  error: string | null;
};

/** Hands what functions returned to the mails that wait for it. */
export async function returnToMails(sql: Sql, asked: readonly AskedRun[]): Promise<void> {
  const rows = asked.map(({ accountId, runId, customData, error }) => ({
    ...{ account_id: accountId, run_id: runId, custom_data: customData, error },
  }));
  await sql.query(
    `update template_mails m set phase = 'sending', due_at = now(), custom_data = r.custom_data, error = r.error
     from jsonb_populate_recordset(null::template_mails, $1::jsonb) r
     where m.run_id = r.run_id and m.account_id = r.account_id and m.status = 'queued' and m.phase = 'waiting'`,
    [JSON.stringify(rows)],
  );
  await announceDue(sql);
}

export async function findMail(sql: Sql, world: World, id: string): Promise<TemplateMail | null> {
  const [row] = await sql.query<Row>(
    `select ${COLUMNS} from template_mails where id = $1 and account_id = $2 and mode = $3`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

export type MailPage = { templateId: string | null; limit: number; after: string | null };

/** Newest first. */
export async function listMails(sql: Sql, world: World, page: MailPage): Promise<TemplateMail[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from template_mails
     where account_id = $1 and mode = $2 and ($3::text is null or template_id = $3) and ($4::uuid is null or id < $4::uuid)
     order by id desc limit $5`,
    [world.accountId, world.mode, page.templateId, page.after, page.limit],
  );
  return rows.map(fromRow);
}

/** Deletes those that ended before the retention, at most `limit` of them; returns how many. Over all accounts. */
export async function deleteOldMails(sql: Sql, retentionDays: number, limit: number): Promise<number> {
  const rows = await sql.query(
    `delete from template_mails where id in (
       select id from template_mails where ended_at < now() - make_interval(days => $1) limit $2
     ) returning account_id`,
    [retentionDays, limit],
  );
  return rows.length;
}

async function announceDue(sql: Sql): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [MAILS_CHANNEL, '']);
}

function fromRow(row: Row): TemplateMail {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    templateId: row.template_id,
    eventId: row.event_id,
    input: row.input,
    status: row.status,
    phase: row.phase,
    runId: row.run_id,
    customData: row.custom_data,
    dueAt: row.due_at,
    claims: row.claims,
    attempts: row.attempts,
    error: row.error,
    recipients: row.recipients,
    messageId: row.message_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
