// Makes of a claimed delivery the message that goes out: expands, lets the dialect shape the document, writes
// it in the format, signs it. Called for every attempt; sends nothing.

import { readTraceparent, spanIdOf, traceparentOf } from '../runs/trace-context.ts';
import { headerNameProblem } from './custom-header.ts';
import type { DeliveryDialect } from './delivery-dialect.ts';
import type { DocumentFormat, Subscription } from './event-subscription.ts';
import { type ChildSource, EXPAND_BOUNDS, expandChildren, readExpandPaths } from './expand-children.ts';
import { renderHtml } from './render-html.ts';
import { renderXml } from './render-xml.ts';
import { standardWebhookHeaders } from './standard-webhook.ts';

/** The event, from whichever source: a kept one, or a template's. */
export type Occurrence = {
  /** Of the delivery: the same with every attempt. */
  deliveryId: string;
  createdAt: Date;
  /** Of the trace that the event was published in; null: of none. */
  traceparent: string | null;
  event: { id: string; type: string; data: unknown; related: Readonly<Record<string, unknown>> };
};

export type Message = {
  document: Record<string, unknown>;
  body: Buffer;
  contentType: string;
  /** All of an HTTP request but those of the connection. */
  headers: Record<string, string>;
  /** What could not be expanded, and why. */
  problems: string[];
};

export type ComposeParts = {
  dialect: DeliveryDialect;
  nowMs: number;
  fetch: ChildSource['fetch'];
};

export async function composeMessage(
  subscription: Subscription,
  { deliveryId, createdAt, event, traceparent }: Occurrence,
  { dialect, nowMs, fetch }: ComposeParts,
): Promise<Message> {
  const paths = subscription.expand === null ? [] : readExpandPaths(subscription.expand);
  const { data, problems } = await expandChildren(
    event.data,
    paths,
    { related: event.related, fetch },
    EXPAND_BOUNDS,
  );
  const document = dialect.documentOf({ subscription, deliveryId, createdAt, event, data });
  const { text, contentType } = render(subscription.format, event.type, document);
  const body = Buffer.from(text);
  const headers = {
    'Content-Type': contentType,
    'User-Agent': 'Millrace',
    ...dialect.headersOf(subscription, body, subscription.signatureKey),
    ...standardWebhookHeaders(deliveryId, nowMs, body, [
      subscription.signatureKey,
      subscription.formerSignatureKey,
    ]),
    ...traceHeader(deliveryId, traceparent),
    ...ownHeaders(subscription),
  };
  return { document, body, contentType, headers, problems };
}

/** The delivery stands in the trace itself. */
function traceHeader(deliveryId: string, traceparent: string | null): Record<string, string> {
  const trace = readTraceparent(traceparent);
  if (trace === null) return {};
  return { Traceparent: traceparentOf({ ...trace, spanId: spanIdOf(deliveryId, 1) }) };
}

function render(
  format: DocumentFormat,
  title: string,
  document: Record<string, unknown>,
): { text: string; contentType: string } {
  switch (format) {
    case 'json':
      return { text: JSON.stringify(document), contentType: 'application/json' };
    case 'xml':
      return { text: renderXml('event', document), contentType: 'application/xml; charset=utf-8' };
    case 'html':
      return { text: renderHtml(title, document), contentType: 'text/html; charset=utf-8' };
  }
}

/**
 * Basic authorization and the subscription's own header; a header of the same name as one of ours is left
 * out.
 */
function ownHeaders(subscription: Subscription): Record<string, string> {
  const headers: Record<string, string> = {};
  const { authorizationUsername, authorizationPassword, customHeaderName, customHeaderValue } = subscription;
  if (authorizationUsername !== null) {
    const credentials = Buffer.from(`${authorizationUsername}:${authorizationPassword ?? ''}`);
    headers.Authorization = `Basic ${credentials.toString('base64')}`;
  }
  const isTaken = customHeaderName?.toLowerCase() === 'authorization' && authorizationUsername !== null;
  // One from before a rule was made is left out as well.
  const isSent = customHeaderName !== null && !isTaken && headerNameProblem(customHeaderName) === null;
  if (isSent) headers[customHeaderName] = customHeaderValue ?? '';
  return headers;
}
