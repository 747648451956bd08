// SQL of the mails that templates become. One is held by the node that works on it for a bounded time; what
// it writes counts only while the claim is its own.
//
//   queued: asking -> waiting (for its function) -> sending -> sent | failed       (asking -> sending without a function)
import type { World } from '../../accounts/account.ts';
import { createWorldTable } from '../../accounts/world-table-store.ts';
import type { Sql } from '../../postgres/database.ts';
import { type Claimed, createWorkTable, QUEUED } from '../../queue/work-table-store.ts';
import type { TemplateInput } from './email-template.ts';

export const MAIL_STATUSES = ['queued', 'sent', 'failed'] as const;
export type MailStatus = (typeof MAIL_STATUSES)[number];
export const MAIL_PHASES = ['asking', 'waiting', 'sending'] as const;
export type MailPhase = (typeof MAIL_PHASES)[number];

export type TemplateMail = World & {
  id: string;
  templateId: string;
  eventId: string | null;
  input: TemplateInput;
  status: MailStatus;
  phase: MailPhase;
  runId: string | null;
  customData: Record<string, unknown> | null;
  dueAt: Date | null;
  claims: number;
  /** At the mail server. */
  attempts: number;
  /** How often it was put off because the account had sent as much as it may. */
  postponements: number;
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
  postponements: number;
  error: string | null;
  recipients: string[];
  message_id: string | null;
  created_at: Date;
  ended_at: Date | null;
};

const COLUMNS = `id, account_id, mode, template_id, event_id, input, status, phase, run_id, custom_data, due_at, claims, attempts,
  postponements, error, recipients, message_id, created_at, ended_at`;
const TABLE = { name: 'template_mails', columns: COLUMNS, fromRow };

export const MAILS = createWorkTable({ ...TABLE, waits: QUEUED });
export const { get: findMail } = createWorldTable(TABLE);

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

export type EventMail = {
  id: string;
  templateId: string;
  event: World & { id: string; notations: readonly string[] };
};

/**
 * Due at once. What the events hold, the database copies itself: it doesn't travel once more for each mail.
 */
export async function insertMailsOfEvents(sql: Sql, made: readonly EventMail[]): Promise<void> {
  const events = [...new Set(made.map(({ event }) => event))];
  const placeOf = new Map(events.map((event, place) => [event, place]));
  const mails = made.map(({ id, templateId, event }) => ({
    id,
    template_id: templateId,
    place: placeOf.get(event),
  }));
  await sql.query(
    `insert into template_mails (id, account_id, mode, template_id, event_id, input)
     select m.id, e.account_id, e.mode, m.template_id, e.id, jsonb_build_object('item_type', e.item_type,
       'item_id', e.item_id, 'item_details', e.data, 'event_id', e.id, 'event_notations', n.notations)
     from jsonb_to_recordset($1::jsonb) as n(place integer, account_id text, mode mode, id text, notations jsonb)
     join jsonb_to_recordset($2::jsonb) as m(place integer, id uuid, template_id text) using (place)
     join events e on e.account_id = n.account_id and e.mode = n.mode and e.id = n.id`,
    [
      JSON.stringify(
        events.map(({ accountId, mode, id, notations }, place) => ({
          ...{ place, account_id: accountId, mode, id, notations },
        })),
      ),
      JSON.stringify(mails),
    ],
    'insert mails of events',
  );
  await announceDue(sql);
}

/** It waits for its function's run now. @returns whether the claim was still its own */
export async function waitForRun(sql: Sql, mail: Claimed, runId: string): Promise<boolean> {
  const rows = await sql.query(
    `update template_mails set phase = 'waiting', run_id = $4, due_at = null, lease_until = null
     where id = $1 and account_id = $2 and claims = $3 and status = 'queued' returning id`,
    [mail.id, mail.accountId, mail.claims, runId],
  );
  return rows.length > 0;
}

export type MailEnd =
  | { status: 'sent'; recipients: string[]; messageId: string; note: string | null }
  | { status: 'failed'; error: string }
  | { status: 'again'; error: string; afterMs: number }
  /** Not an attempt: it costs none of those that there are. */
  | { status: 'postponed'; error: string; afterMs: number };

/** Ends an attempt. Counts only while the claim is the caller's. */
export async function endMail(sql: Sql, mail: Claimed, end: MailEnd): Promise<void> {
  const isPostponed = end.status === 'postponed';
  const isAgain = end.status === 'again' || isPostponed;
  await sql.query(
    `update template_mails set status = $4::text, phase = 'sending', lease_until = null, error = $5,
       attempts = attempts + case when $9 then 0 else 1 end, postponements = postponements + case when $9 then 1 else 0 end,
       due_at = now() + make_interval(secs => $6::float8 / 1000), recipients = $7, message_id = $8,
       ended_at = case when $4::text = 'queued' then null else now() end
     where id = $1 and account_id = $2 and claims = $3 and status = 'queued'`,
    [
      ...[mail.id, mail.accountId, mail.claims, isAgain ? 'queued' : end.status],
      ...[end.status === 'sent' ? end.note : end.error, isAgain ? end.afterMs : null],
      ...[end.status === 'sent' ? end.recipients : [], end.status === 'sent' ? end.messageId : null],
      isPostponed,
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
    postponements: row.postponements,
    error: row.error,
    recipients: row.recipients,
    messageId: row.message_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
