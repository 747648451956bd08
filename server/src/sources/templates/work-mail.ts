// What is done with one mail that is claimed: its function is asked, then it is compiled and sent. What may
// pass is tried again later; what can't succeed fails with its reason. Called by the claim engine that
// roles/start-templates.ts starts.
//
//   asking ─► its function is queued, and follow-runs.ts hands back what it returned ─► sending ─► sent, failed, or again later
import type { Logger } from 'pino';
import { Failure } from '../../errors/failure.ts';
import { MailError, MailPostponed, type SendMail } from '../../mail/mail-sender.ts';
import type { Database } from '../../postgres/database.ts';
import type { RunQueue } from '../../queue/run-queue.ts';
import { composeMail } from './compose-mail.ts';
import type { EmailTemplate } from './email-template.ts';
import { getTemplate } from './email-template-store.ts';
import { againAfterMs } from './mail-retry.ts';
import type { Render } from './renderer.ts';
import { endMail, type MailEnd, type TemplateMail, waitForRun } from './template-mail-store.ts';

export type MailWorkParts = {
  database: Database;
  queue: RunQueue;
  render: Render;
  sendMail: SendMail;
  newRunId(nowMs: number): string;
  /** Unix time in ms. */
  clock(): number;
  /** How long after the first failure it is tried again. */
  firstRetryMs: number;
  log: Logger;
};

/**
 * @returns what works on a mail; never rejects. What the platform spoils stays claimed, and is taken up again
 * when that is over.
 */
export function createMailWorker(parts: MailWorkParts): (mail: TemplateMail) => Promise<void> {
  return async (mail) => {
    try {
      const end = await work(parts, mail);
      if (end !== null) await endMail(parts.database, mail, end);
    } catch (error) {
      parts.log.error({ err: error, mail: mail.id }, 'a mail of a template could not be worked on');
    }
  };
}

/** @returns null where it waits for its function, or is another claim's by now */
async function work(parts: MailWorkParts, mail: TemplateMail): Promise<MailEnd | null> {
  const template = await getTemplate(parts.database, mail, mail.templateId);
  if (template === null) return { status: 'failed', error: 'its template was removed' };
  if (mail.phase !== 'asking' || template.functionId === null) return await send(parts, mail, template);
  const asked = await ask(parts, mail, { template, functionId: template.functionId });
  return asked === 'waits' ? null : await send(parts, { ...mail, error: asked.error }, template);
}

/** In one transaction: either its function is queued and the mail waits for it, or neither. */
async function ask(
  { database, queue, newRunId, clock }: MailWorkParts,
  mail: TemplateMail,
  { template, functionId }: { template: EmailTemplate; functionId: string },
): Promise<'waits' | { error: string }> {
  const { accountId, mode } = mail;
  const id = newRunId(clock());
  const run = {
    ...{ accountId, mode, id, functionId, due: { afterMs: 0 }, version: null, replayOf: null },
    input: {
      trigger: 'email_template',
      source: { id: template.id, name: template.name },
      data: { ...mail.input },
    },
    cause: { email_template_id: template.id, mail_id: mail.id, item_id: mail.input.item_id },
    ...{ triggerId: null, eventId: mail.eventId },
  } as const;
  try {
    const isOurs = await database.transaction(async (sql) => {
      if (!(await waitForRun(sql, mail, id))) return false;
      if ((await queue.enqueue(sql, [run])).length > 0) return true;
      throw new FunctionGone(`the function ${functionId} isn't there any more`);
    });
    if (isOurs) queue.wake();
    return 'waits';
  } catch (error) {
    if (error instanceof FunctionGone) return { error: error.message };
    if (error instanceof Failure && !error.kind.retry) return { error: `its function: ${error.message}` };
    throw error;
  }
}

class FunctionGone extends Error {}

/**
 * What `mail.error` says before it was tried or put off is the function's; later the mail server's, or ours.
 */
async function send(parts: MailWorkParts, mail: TemplateMail, template: EmailTemplate): Promise<MailEnd> {
  const functionError = mail.attempts === 0 && mail.postponements === 0 ? mail.error : null;
  if (functionError !== null && template.onFunctionError === 'fail') {
    return { status: 'failed', error: functionError };
  }
  const input = mail.customData === null ? mail.input : { ...mail.input, custom_data: mail.customData };
  const composed = await composeMail(parts.render, template, input);
  if ('error' in composed) return { status: 'failed', error: composed.error };
  try {
    const receipt = await parts.sendMail(mail, { ...composed.mail, id: mail.id }, template.smtpProfileId);
    const rejected = receipt.rejected.length === 0 ? null : `not taken: ${receipt.rejected.join(', ')}`;
    const notes = [functionError, rejected].filter((text) => text !== null);
    return {
      status: 'sent',
      recipients: composed.mail.to.filter((address) => !receipt.rejected.includes(address)),
      messageId: receipt.messageId,
      note: notes.length === 0 ? null : notes.join('; '),
    };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    if (error instanceof MailPostponed)
      return { status: 'postponed', error: error.message, afterMs: error.afterMs };
    const afterMs = error.mayPass ? againAfterMs(parts.firstRetryMs, mail.attempts) : null;
    if (afterMs === null) return { status: 'failed', error: error.message };
    return { status: 'again', error: error.message, afterMs };
  }
}
