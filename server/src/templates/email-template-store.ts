// SQL of e-mail templates. Every change bumps the world's revision of what listens to events, by the database itself.
import type { World } from '../accounts/account.ts';
import type { Sql } from '../postgres/database.ts';
import type { EmailTemplate } from './email-template.ts';
import type { TemplateFields } from './template-fields.ts';

type Row = {
  id: string;
  account_id: string;
  mode: World['mode'];
  name: string;
  enabled: boolean;
  smtp_profile_id: string | null;
  subject: string;
  sender: string;
  recipients: string[];
  html: string;
  trigger: EmailTemplate['trigger'];
  notations: string[];
  campaigns: string[];
  shops: string[];
  function_id: string | null;
  on_function_error: EmailTemplate['onFunctionError'];
  created_at: Date;
  modified_at: Date;
};

const COLUMNS = `id, account_id, mode, name, enabled, smtp_profile_id, subject, sender, recipients, html, trigger, notations,
  campaigns, shops, function_id, on_function_error, created_at, modified_at`;

/** Adds a template, or writes all of one that is there. @returns null where another one has the name */
export async function putTemplate(
  sql: Sql,
  world: World,
  id: string,
  fields: TemplateFields,
): Promise<EmailTemplate | null> {
  const [row] = await sql.query<Row>(
    `insert into email_templates (id, account_id, mode, name, enabled, smtp_profile_id, subject, sender, recipients, html,
       trigger, notations, campaigns, shops, function_id, on_function_error)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
     where not exists (
       select from email_templates where account_id = $2 and mode = $3 and lower(name) = lower($4) and id <> $1)
     on conflict (id) do update set name = excluded.name, enabled = excluded.enabled,
       smtp_profile_id = excluded.smtp_profile_id, subject = excluded.subject, sender = excluded.sender,
       recipients = excluded.recipients, html = excluded.html, trigger = excluded.trigger, notations = excluded.notations,
       campaigns = excluded.campaigns, shops = excluded.shops, function_id = excluded.function_id,
       on_function_error = excluded.on_function_error, modified_at = now()
     where email_templates.account_id = excluded.account_id and email_templates.mode = excluded.mode
     returning ${COLUMNS}`,
    [
      ...[id, world.accountId, world.mode, fields.name, fields.enabled, fields.smtpProfileId, fields.subject],
      ...[fields.sender, fields.recipients, fields.html, fields.trigger, fields.notations, fields.campaigns],
      ...[fields.shops, fields.functionId, fields.onFunctionError],
    ],
  );
  return row === undefined ? null : fromRow(row);
}

export async function getTemplate(sql: Sql, world: World, id: string): Promise<EmailTemplate | null> {
  const [row] = await sql.query<Row>(
    `select ${COLUMNS} from email_templates where id = $1 and account_id = $2 and mode = $3`,
    [id, world.accountId, world.mode],
  );
  return row === undefined ? null : fromRow(row);
}

/** @returns whether it was there. Its mails go on where they are made already. */
export async function deleteTemplate(sql: Sql, world: World, id: string): Promise<boolean> {
  const rows = await sql.query(
    'delete from email_templates where id = $1 and account_id = $2 and mode = $3 returning id',
    [id, world.accountId, world.mode],
  );
  return rows.length > 0;
}

/** Newest first. `after` is the id of the last one of the page before. */
export async function listTemplates(
  sql: Sql,
  world: World,
  page: { limit: number; after: string | null },
): Promise<EmailTemplate[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from email_templates
     where account_id = $1 and mode = $2
       and ($3::text is null or (created_at, id) < (
         select l.created_at, l.id from email_templates l where l.id = $3 and l.account_id = $1 and l.mode = $2))
     order by created_at desc, id desc limit $4`,
    [world.accountId, world.mode, page.after, page.limit],
  );
  return rows.map(fromRow);
}

/** Those that events send: what of them decides. */
export type ListeningTemplate = Pick<EmailTemplate, 'id' | 'notations' | 'campaigns' | 'shops'>;

export async function listListening(sql: Sql, world: World): Promise<ListeningTemplate[]> {
  return await sql.query<ListeningTemplate>(
    `select id, notations, campaigns, shops from email_templates
     where account_id = $1 and mode = $2 and enabled and trigger = 'account_event' order by created_at, id`,
    [world.accountId, world.mode],
  );
}

function fromRow(row: Row): EmailTemplate {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    name: row.name,
    enabled: row.enabled,
    smtpProfileId: row.smtp_profile_id,
    subject: row.subject,
    sender: row.sender,
    recipients: row.recipients,
    html: row.html,
    trigger: row.trigger,
    notations: row.notations,
    campaigns: row.campaigns,
    shops: row.shops,
    functionId: row.function_id,
    onFunctionError: row.on_function_error,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
