// Reads an e-mail template as the API takes it, and what is asked of one. Pure; whether the Handlebars is
// right a jail says (renderer.ts).

import { z } from 'zod';
import { fail } from '../../errors/failure.ts';
import { jsonProblem } from '../../events/json-problem.ts';
import { NAME_CHARACTERS } from '../../functions/function-name.ts';
import { readInput, storableText } from '../../http/read-input.ts';
import { isNotation, NOTATION_RULE } from '../../triggers/notation.ts';
import {
  type EmailTemplate,
  ON_FUNCTION_ERROR,
  TEMPLATE_TRIGGERS,
  type TemplateInput,
} from './email-template.ts';

const MOST_RECIPIENTS = 50;
const MOST_FILTERS = 100;
const LINE_CHARACTERS = 998;
const HTML_CHARACTERS = 1_000_000;

const line = storableText(LINE_CHARACTERS);
const filters = z.array(storableText(NAME_CHARACTERS)).max(MOST_FILTERS).default([]);

export const templateSchema = z.strictObject({
  name: storableText(NAME_CHARACTERS).refine((text) => text.trim() !== '', 'must not be empty'),
  enabled: z.boolean().default(true),
  smtp_profile: z
    .string()
    .max(64)
    .nullable()
    .default(null)
    .describe('id of a profile; null: the default one'),
  template_subject: line.describe('Handlebars'),
  template_from: line.default('').describe('Handlebars; empty: the sender of the profile'),
  template_to: z
    .array(line.refine((text) => text.trim() !== '', 'must not be empty'))
    .min(1, 'must name at least one')
    .max(MOST_RECIPIENTS)
    .describe('addresses, Handlebars, or the word customer'),
  template_html: storableText(HTML_CHARACTERS).describe('Handlebars'),
  template_trigger: z.enum(TEMPLATE_TRIGGERS),
  event_filter: z.array(z.string().refine(isNotation, NOTATION_RULE)).max(MOST_FILTERS).default([]),
  ...{ campaign_filter: filters, shop_filter: filters },
  function_id: z
    .string()
    .regex(/^[0-9A-Za-z_-]{1,64}$/)
    .nullable()
    .default(null),
  on_function_error: z.enum(ON_FUNCTION_ERROR).default('send'),
});

export type TemplateFields = Omit<EmailTemplate, 'id' | 'accountId' | 'mode' | 'createdAt' | 'modifiedAt'>;

/** @throws Failure `invalid_input` naming the field */
export function readTemplate(body: unknown): TemplateFields {
  const read = readInput(templateSchema, body, 'the request body');
  if (read.template_trigger === 'account_event' && read.event_filter.length === 0) {
    fail('invalid_input', {
      message: 'event_filter: must name at least one event for the trigger account_event',
      field: 'event_filter',
    });
  }
  return {
    ...{ name: read.name, enabled: read.enabled, smtpProfileId: read.smtp_profile },
    ...{ subject: read.template_subject, sender: read.template_from, recipients: read.template_to },
    ...{ html: read.template_html, trigger: read.template_trigger, notations: read.event_filter },
    ...{ campaigns: read.campaign_filter, shops: read.shop_filter, functionId: read.function_id },
    onFunctionError: read.on_function_error,
  };
}

export function templateView(
  template: EmailTemplate,
): z.input<typeof templateSchema> & Record<string, unknown> {
  return {
    ...{
      id: template.id,
      name: template.name,
      enabled: template.enabled,
      smtp_profile: template.smtpProfileId,
    },
    ...{ template_subject: template.subject, template_from: template.sender },
    ...{ template_to: template.recipients, template_html: template.html },
    ...{ template_trigger: template.trigger, event_filter: template.notations },
    ...{ campaign_filter: template.campaigns, shop_filter: template.shops },
    ...{ function_id: template.functionId, on_function_error: template.onFunctionError },
    created_at: template.createdAt.toISOString(),
    modified_at: template.modifiedAt.toISOString(),
  };
}

export const templateInputSchema = z.strictObject({
  item_type: z.string().max(64).nullable().default(null),
  item_id: z.string().max(NAME_CHARACTERS).nullable().default(null),
  item_details: z.record(z.string(), z.json()).default({}),
  custom_arguments: z.record(z.string(), z.json()).default({}),
});

/** @throws Failure `invalid_input` naming the field */
export function readTemplateInput(body: unknown): TemplateInput {
  const input = readInput(templateInputSchema, body ?? {}, 'the request body');
  for (const name of ['item_type', 'item_id', 'item_details', 'custom_arguments'] as const) {
    const problem = jsonProblem(input[name], name);
    if (problem !== null)
      fail('invalid_input', { message: `${problem.field}: ${problem.rule}`, field: problem.field });
  }
  return input;
}
