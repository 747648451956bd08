// E-mail templates and their mails: make, change, look at; send on request; see what would be sent.

import { z } from 'zod';
import type { World } from '../accounts/account.ts';
import { fail } from '../errors/failure.ts';
import type { WaitingDepth } from '../events/event-consumer.ts';
import { requireFunctions } from '../functions/require-functions.ts';
import { getProfile } from '../mail/smtp-profile-store.ts';
import type { Sql } from '../postgres/database.ts';
import type { CallFunction } from '../runs/call-function.ts';
import { composeMail } from '../sources/templates/compose-mail.ts';
import { customDataOf, type EmailTemplate, type TemplateInput } from '../sources/templates/email-template.ts';
import { EMAIL_TEMPLATES, putTemplate } from '../sources/templates/email-template-store.ts';
import type { Render } from '../sources/templates/renderer.ts';
import {
  readTemplate,
  readTemplateInput,
  templateInputSchema,
  templateSchema,
  templateView,
} from '../sources/templates/template-fields.ts';
import {
  findMail,
  insertMails,
  listMails,
  MAIL_STATUSES,
  type TemplateMail,
} from '../sources/templates/template-mail-store.ts';
import { pageSchema } from './api-schemas.ts';
import { type Kept, keptBody, keptEndpoints, missing, nameTaken, oneKept } from './kept-endpoints.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { readFilter } from './query-filter.ts';
import { textParameter } from './query-parameters.ts';
import { isRunId } from './run-id.ts';

type Parts = {
  sql: Sql;
  /** Mails that wait. */
  depth: WaitingDepth;
  render: Render;
  call: CallFunction;
  newTemplateId(): string;
  newMailId(): string;
};

const at = z.iso.datetime();
const viewSchema = z.looseObject({ id: z.string(), created_at: at, modified_at: at });
z.globalRegistry.add(viewSchema, { id: 'EmailTemplate' });
const mailSchema = z.object({
  id: z.uuid(),
  ...{ template_id: z.string(), event_id: z.string().nullable(), run_id: z.uuid().nullable() },
  status: z.enum(MAIL_STATUSES),
  attempts: z.int(),
  error: z.string().nullable().describe('why it failed or is tried again; of a sent one, what was amiss'),
  recipients: z.array(z.string()),
  message_id: z.string().nullable(),
  ...{ due_at: at.nullable(), created_at: at, ended_at: at.nullable() },
});
z.globalRegistry.add(mailSchema, { id: 'TemplateMail' });
const previewSchema = z.object({
  ...{ to: z.array(z.string()), from: z.string().nullable(), subject: z.string(), html: z.string() },
  custom_data: z.record(z.string(), z.unknown()).nullable(),
  function_error: z.string().nullable(),
});

const READ = { resource: 'email_templates', method: 'read' } as const;
const UPDATE = { resource: 'email_templates', method: 'update' } as const;
const CREATE = { resource: 'email_templates', method: 'create' } as const;

const TEMPLATE: Kept<EmailTemplate> = {
  ...{ path: '/email-templates', resource: 'email_templates', noun: 'e-mail template' },
  summaries: { list: 'E-mail templates, newest first', remove: 'Removes an e-mail template' },
  ...{ table: EMAIL_TEMPLATES, schema: viewSchema, view: templateView },
};

export function emailTemplateEndpoints(parts: Parts): ApiEndpoint[] {
  return [...editing(parts), ...sending(parts), ...mails(parts)];
}

function editing(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/email-templates',
      summary: 'Makes an e-mail template',
      permit: CREATE,
      status: 201,
      body: templateSchema,
      response: viewSchema,
      answer: (request) => put(parts, request, parts.newTemplateId()),
    },
    {
      method: 'PATCH',
      path: '/email-templates/:id',
      summary: 'Writes all of an e-mail template',
      permit: UPDATE,
      body: templateSchema,
      response: viewSchema,
      answer: async (request) => put(parts, request, (await oneKept(parts.sql, TEMPLATE, request)).id),
    },
    ...keptEndpoints(parts.sql, TEMPLATE),
  ];
}

function sending(parts: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/email-templates/:id/preview',
      takesPayload: true,
      summary: 'What would be sent, its function asked; nothing is sent',
      permit: CREATE,
      body: templateInputSchema,
      response: previewSchema,
      answer: async (request) => {
        const template = await oneKept(parts.sql, TEMPLATE, request);
        return preview(parts, template, readTemplateInput(request.body));
      },
    },
    {
      method: 'POST',
      path: '/email-templates/:id/send',
      takesPayload: true,
      summary: 'Sends it, once: answers when the mail is on disk',
      permit: CREATE,
      status: 202,
      body: templateInputSchema,
      response: mailSchema,
      answer: async (request) => {
        const template = await oneKept(parts.sql, TEMPLATE, request);
        if (!template.enabled)
          fail('invalid_state', { message: `the e-mail template ${template.id} is disabled` });
        const { accountId, mode } = request.world;
        const made = { accountId, mode, id: parts.newMailId(), templateId: template.id, eventId: null };
        const input = readTemplateInput(request.body);
        await parts.depth.add(parts.sql, accountId, 1, Buffer.byteLength(JSON.stringify(input)));
        await insertMails(parts.sql, [{ ...made, input }]);
        return mailView(await oneMail(parts.sql, request.world, made.id));
      },
    },
  ];
}

function mails({ sql }: Parts): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: '/template-mails',
      summary: 'Mails that templates became, newest first',
      permit: READ,
      query: { template_id: textParameter('of that template') },
      isPaged: true,
      response: pageSchema(mailSchema),
      answer: async ({ world, query }) => {
        const { limit, after } = readPageQuery(query, isRunId);
        const templateId = readFilter(query, 'template_id');
        const found = await listMails(sql, world, { templateId, limit: limit + 1, after });
        return pageOf(found, limit, (mail) => mail.id, mailView);
      },
    },
    {
      method: 'GET',
      path: '/template-mails/:id',
      summary: 'One of them',
      permit: READ,
      response: mailSchema,
      answer: async ({ world, params }) => mailView(await oneMail(sql, world, params.id ?? '')),
    },
  ];
}

async function put({ sql }: Parts, { world, body }: ApiRequest, id: string): Promise<unknown> {
  const read = readTemplate(keptBody(body));
  const { functionId, smtpProfileId } = read;
  const before = await EMAIL_TEMPLATES.get(sql, world, id);
  const named = functionId === null ? [] : [{ field: 'function_id', id: functionId }];
  await requireFunctions(sql, world, named, [before?.functionId ?? null]);
  const isKnown = smtpProfileId === null || smtpProfileId === before?.smtpProfileId;
  if (!isKnown && (await getProfile(sql, world, smtpProfileId)) === null) {
    const message = 'smtp_profile: there is no such SMTP profile in this account and mode';
    fail('invalid_input', { message, field: 'smtp_profile' });
  }
  const template = await putTemplate(sql, world, id, read);
  return templateView(template ?? nameTaken('an e-mail template'));
}

async function preview(
  { render, call }: Parts,
  template: EmailTemplate,
  input: TemplateInput,
): Promise<z.input<typeof previewSchema>> {
  const asked = template.functionId === null ? null : await ask(call, template, template.functionId, input);
  const customData = asked?.customData ?? null;
  const composed = await composeMail(render, template, {
    ...input,
    ...(customData === null ? {} : { custom_data: customData }),
  });
  if ('error' in composed) fail('invalid_state', { message: composed.error });
  const { to, from = null, subject, html } = composed.mail;
  return { to: [...to], from, subject, html, custom_data: customData, function_error: asked?.error ?? null };
}

type Asked = { customData: Record<string, unknown> | null; error: string | null };

async function ask(
  call: CallFunction,
  template: EmailTemplate,
  functionId: string,
  input: TemplateInput,
): Promise<Asked> {
  const { outcome } = await call({
    ...{ world: { accountId: template.accountId, mode: template.mode }, functionId },
    input: {
      trigger: 'email_template',
      source: { id: template.id, name: template.name },
      data: { ...input },
    },
    cause: { email_template_id: template.id, preview: true },
  });
  if (outcome.end !== 'returned') return { customData: null, error: outcome.error.message };
  return { customData: customDataOf(outcome.result.toString()), error: null };
}

async function oneMail(sql: Sql, world: World, id: string): Promise<TemplateMail> {
  const found = isRunId(id) ? await findMail(sql, world, id) : null;
  return found ?? missing('mail');
}

function mailView(mail: TemplateMail): z.input<typeof mailSchema> {
  return {
    id: mail.id,
    ...{ template_id: mail.templateId, event_id: mail.eventId, run_id: mail.runId, status: mail.status },
    ...{
      attempts: mail.attempts,
      error: mail.error,
      recipients: mail.recipients,
      message_id: mail.messageId,
    },
    due_at: mail.dueAt?.toISOString() ?? null,
    created_at: mail.createdAt.toISOString(),
    ended_at: mail.endedAt?.toISOString() ?? null,
  };
}
