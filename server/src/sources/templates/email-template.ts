// An e-mail template: texts in Handlebars that become a mail, when an event happens or the API asks. A
// function may add to what they are compiled over. Pure data, and what follows from it.

import type { World } from '../../accounts/account.ts';
import { storableJson } from '../../logs/storable-text.ts';
import type { TriggerKind } from '../../runs/run-input.ts';

export const TEMPLATE_TRIGGERS = ['account_event', 'api_direct'] as const satisfies readonly TriggerKind[];
export type TemplateTrigger = (typeof TEMPLATE_TRIGGERS)[number];
/** What becomes of a mail whose function has failed. */
export const ON_FUNCTION_ERROR = ['send', 'fail'] as const;
export type OnFunctionError = (typeof ON_FUNCTION_ERROR)[number];

export type EmailTemplate = World & {
  id: string;
  name: string;
  enabled: boolean;
  /** null: the account's default profile, else the installation's server. */
  smtpProfileId: string | null;
  subject: string;
  /** Empty: the profile's sender. */
  sender: string;
  /** Addresses, Handlebars, or the word `customer`. */
  recipients: string[];
  html: string;
  trigger: TemplateTrigger;
  notations: string[];
  campaigns: string[];
  shops: string[];
  functionId: string | null;
  onFunctionError: OnFunctionError;
  createdAt: Date;
  modifiedAt: Date;
};

/** What the texts are compiled over. */
export type TemplateInput = {
  item_type: string | null;
  item_id: string | null;
  item_details: unknown;
  event_id?: string;
  event_notations?: string[];
  custom_arguments?: Record<string, unknown>;
};

/** The word for the subject of the item. */
const CUSTOMER = 'customer';

/** Those to be compiled, and those that are addresses as they are: a customer's address is no template. */
export type Recipients = { templates: string[]; addresses: string[] };

/** `customer` is the item's customer, or the item itself where that is one. */
export function recipientsOf(template: EmailTemplate, input: TemplateInput): Recipients {
  const isWord = (text: string): boolean => text.trim() === CUSTOMER;
  const address = template.recipients.some(isWord) ? customerAddress(input) : null;
  return {
    templates: template.recipients.filter((text) => !isWord(text)),
    addresses: address === null ? [] : [address],
  };
}

function customerAddress({ item_details: details }: TemplateInput): string | null {
  const item = asObject(details);
  const address = asObject(item.customer).email ?? item.email;
  return typeof address === 'string' ? address.trim() : null;
}

/** Only an object is amended, as the page says. @param result as JSON */
export function customDataOf(result: string | null): Record<string, unknown> | null {
  const value = storableJson(result);
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : null;
}

function asObject(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}
