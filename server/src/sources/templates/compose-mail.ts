// Makes a mail of a template and what it is compiled over: the one way, for sending and for looking at it
// before. The compiling itself happens in a jail.
import type { Mail } from '../../mail/mail.ts';
import { type EmailTemplate, recipientsOf, type TemplateInput } from './email-template.ts';
import type { Render, Text } from './renderer.ts';

export type Composed = { mail: Mail & { html: string } } | { error: string };

const MOST_RECIPIENTS = 100;
/** As strict as mail servers are with one another. */
const ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,255}$/;

export async function composeMail(
  render: Render,
  template: EmailTemplate,
  input: TemplateInput & { custom_data?: Record<string, unknown> },
): Promise<Composed> {
  const recipients = recipientsOf(template, input);
  const result = await render(template, textsOf(template, recipients.templates), input);
  if ('error' in result) return result;
  const { subject = '', from = '', html = '', ...others } = result.rendered;
  const compiled = Object.entries(others)
    .filter(([name]) => name.startsWith('to '))
    .flatMap(([, text]) => text.split(','))
    .map((text) => text.trim());
  const to = [...recipients.addresses, ...compiled].filter((text) => text !== '');
  const wrong = to.find((address) => !ADDRESS.test(address));
  if (wrong !== undefined)
    return { error: `to: ${JSON.stringify(wrong.slice(0, 100))} is not an e-mail address` };
  if (to.length === 0) return { error: 'to: there is no recipient' };
  if (to.length > MOST_RECIPIENTS) return { error: `to: there are more than ${MOST_RECIPIENTS} recipients` };
  const sender = from.trim() === '' ? {} : { from: from.trim() };
  return { mail: { to: [...new Set(to)], subject: oneLine(subject), html, ...sender } };
}

function textsOf(template: EmailTemplate, recipients: readonly string[]): Record<string, Text> {
  const plain = (text: string): Text => ({ template: text, isHtml: false });
  const to = recipients.map((text, at) => [`to ${at + 1}`, plain(text)] as const);
  return {
    subject: plain(template.subject),
    from: plain(template.sender),
    ...Object.fromEntries(to),
    html: { template: template.html, isHtml: true },
  };
}

/** What came out of an item may hold line breaks: a subject may not. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
