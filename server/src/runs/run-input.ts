// The input of a run: the cause, whole, before any dialect has made its event of it. Kept with the run
// (sealed), shown to the owner, edited and replayed; the same for every dialect, so that a function can be
// triggered by anything. Pure data.

/**
 * What may start a function. Those with a source of their own (`flow`, ...) bring their data in {@link
 * RunInput.data}.
 */
export const TRIGGER_KINDS = [
  'http',
  'account_event',
  'webhook',
  'function_url',
  'schedule',
  'subscription',
  'flow',
  'email_template',
  'auto_query',
  'payment_profile',
  'ai_assistant',
  'api_direct',
] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

/** A request as it came in. */
export type HttpRequestFacts = {
  method: string;
  /** Without the query. */
  path: string;
  /** As it came, without `?`. */
  query: string;
  /** Names and values in turn, in the order and spelling in which they came. */
  rawHeaders: string[];
  /** null: there was none. Bytes that aren't UTF-8 are base64. */
  body: string | null;
  isBase64: boolean;
  ip: string;
  httpVersion: string;
  receivedAtMs: number;
};

/** Something that happened in the account. */
export type AccountEvent = {
  id: string;
  type: string;
  /** Most specific first, prefixes included. */
  notations: string[];
  itemType: string;
  itemId: string;
  campaign: string | null;
  shop: string | null;
  /** ISO, by the publisher. */
  date: string;
  data: unknown;
  related: Record<string, unknown>;
};

export type RunInput = {
  trigger: TriggerKind;
  source: {
    /**
     * Id and name of what caused it: event, template, flow, ...; null where the function itself is its
     * source.
     */
    id: string | null;
    name: string | null;
    /** Further words about the source, e.g. `run_id` and `node_id` of a flow. */
    facts?: Record<string, string | null>;
  };
  /** Of calls over HTTP: `http`, `webhook`, `function_url`. */
  request?: HttpRequestFacts;
  /** Of `account_event`, and the notation that fired. */
  event?: AccountEvent;
  notation?: string;
  /** Of every other trigger: what the function gets as its data. */
  data?: unknown;
};
