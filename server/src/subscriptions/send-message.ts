// Sends a message over HTTP or as mail, and judges what came back. Called for deliveries and for tests of
// subscriptions.
import type { OutboundAnswer, SendOutbound } from '../http/outbound-request.ts';
import { OutboundError } from '../http/outbound-rule.ts';
import { MailError, MailPostponed, type SendMail } from '../mail/mail-sender.ts';
import type { Message } from './compose-message.ts';
import type { AttemptEnd, Postponement } from './delivery.ts';
import type { Destination } from './destination.ts';
import type { Subscription } from './event-subscription.ts';

/** What came back, for the test of a subscription. */
export type Reply = { status: number | null; headers: OutboundAnswer['headers']; body: string };
export type Sent = { ended: AttemptEnd | Postponement; reply: Reply | null };

export type SendParts = { send: SendOutbound; mail: SendMail; timeoutMs: number };

/** What is read of an answer. */
const MOST_ANSWER_BYTES = 64 * 1024;
const MOST_TOLD = 500;
/** The destination says that it is gone for good: Standard Webhooks asks not to try again. */
const GONE = 410;

/** @throws the signal's reason when it is aborted */
export async function sendMessage(
  parts: SendParts,
  message: Message,
  { destination, subscription }: { destination: Destination; subscription: Subscription },
  signal: AbortSignal,
): Promise<Sent> {
  if (destination.kind === 'email') {
    return { ended: await sendMail(parts.mail, message, destination.addresses, subscription), reply: null };
  }
  try {
    const request = {
      method: 'POST' as const,
      url: destination.url,
      headers: message.headers,
      body: message.body,
      timeoutMs: parts.timeoutMs,
      mostBodyBytes: MOST_ANSWER_BYTES,
    };
    const answer = await parts.send(request, signal);
    return { ended: judge(answer), reply: answer };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OutboundError)) throw error;
    return { ended: failedAttempt(error.message), reply: null };
  }
}

export function failedAttempt(reason: string): AttemptEnd {
  return { end: 'failed', reason, retryAfterMs: null, isFinal: false };
}

/** Pure. Success is 2xx, nothing else: redirects aren't followed. */
export function judge({ status, headers, body }: OutboundAnswer): AttemptEnd {
  if (status >= 200 && status < 300) return { end: 'delivered', remark: null };
  const told = body === '' ? '' : `: ${body.slice(0, MOST_TOLD)}`;
  const redirected = status >= 300 && status < 400 ? ' (redirects are not followed)' : '';
  return {
    end: 'failed',
    reason: `the destination answered ${status}${redirected}${told}`,
    retryAfterMs: retryAfterMs(headers['retry-after']),
    isFinal: status === GONE,
  };
}

/** In seconds only: a date would be read against the clock of another machine. */
function retryAfterMs(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) * 1000 : null;
}

async function sendMail(
  send: SendMail,
  { document, body, contentType }: Message,
  to: string[],
  { accountId, mode, format, eventType }: Subscription,
): Promise<AttemptEnd | Postponement> {
  const text = body.toString('utf8');
  const content =
    format === 'html'
      ? { html: text }
      : {
          text: format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : text,
          attachments: [{ filename: `event.${format}`, contentType, content: body }],
        };
  try {
    const { rejected } = await send({ accountId, mode }, { to, subject: `Event ${eventType}`, ...content });
    const remark = rejected.length === 0 ? null : `refused by the mail server: ${rejected.join(', ')}`;
    return { end: 'delivered', remark };
  } catch (error) {
    if (error instanceof MailPostponed)
      return { end: 'postponed', reason: error.message, afterMs: error.afterMs };
    if (error instanceof MailError) return failedAttempt(error.message);
    throw error;
  }
}
