// `@millrace/types/hubspot`: what a serverless function of HubSpot gets and returns (docs/hubspot.md).

export interface ServerlessContext {
  readonly accountId: number;
  readonly method: string;
  /** Path and query below the prefix. */
  readonly endpoint: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  // biome-ignore lint/suspicious/noExplicitAny: what callers send is theirs
  readonly body: any;
  readonly rawBody: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly contact: Readonly<Record<string, unknown>> | null;
  readonly limits: { readonly timeRemaining: number; readonly executionsRemaining: number };
  readonly secrets: Readonly<Record<string, string>>;
}

export interface ServerlessResponse {
  statusCode?: number | string;
  body?: unknown;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
}

export type ServerlessFunction = (
  context: ServerlessContext,
  sendResponse: (response: ServerlessResponse) => void,
) => unknown;
