// SQL of e-mail templates. Every change bumps the world's revision of what listens to events, by the database
// itself.
import type { World } from '../../accounts/account.ts';
import { createNamedWorldTable } from '../../accounts/world-table-store.ts';
import type { Sql } from '../../postgres/database.ts';
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

/** The mails of one that is removed go on where they are made already. */
export const EMAIL_TEMPLATES = createNamedWorldTable({ name: 'email_templates', columns: COLUMNS, fromRow });
export const { get: getTemplate } = EMAIL_TEMPLATES;

/** Adds a template, or writes all of one that is there. @returns null where another one has the name */
export function putTemplate(
  sql: Sql,
  world: World,
  id: string,
  fields: TemplateFields,
): Promise<EmailTemplate | null> {
  return EMAIL_TEMPLATES.put(sql, world, id, {
    ...{ name: fields.name, enabled: fields.enabled, smtp_profile_id: fields.smtpProfileId },
    ...{ subject: fields.subject, sender: fields.sender, recipients: fields.recipients, html: fields.html },
    ...{ trigger: fields.trigger, notations: fields.notations, campaigns: fields.campaigns },
    ...{ shops: fields.shops, function_id: fields.functionId, on_function_error: fields.onFunctionError },
  });
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
