// `@millrace/types`: what a function of Millrace's own gets and returns (docs/functions-api.md, "What it
// gets" and "How it answers"). Functions of other systems: beside this file.

/** Of a handler. Times are in ms. */
export interface Context {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  /** Of the run: the same in all its attempts. */
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** `false`: a callback answers at once, whatever else goes on. */
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

export type TriggerKind =
  | 'http'
  | 'account_event'
  | 'webhook'
  | 'function_url'
  | 'schedule'
  | 'subscription'
  | 'flow'
  | 'email_template'
  | 'auto_query'
  | 'payment_profile'
  | 'ai_assistant'
  | 'api_direct';

/** What started a run. */
export interface TriggerFacts {
  readonly kind: TriggerKind;
  readonly id: string | null;
  readonly name: string | null;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** By a webhook or a function URL: as of a Lambda function URL, format 2.0. */
export interface HttpEvent {
  readonly version: '2.0';
  readonly routeKey: '$default';
  readonly rawPath: string;
  /** Without `?`. */
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    /** Of the run. */
    readonly requestId: string;
    readonly routeKey: '$default';
    readonly stage: '$default';
    readonly time: string;
    readonly timeEpoch: number;
    readonly millrace: {
      readonly mode: 'live' | 'test';
      readonly version: number;
      readonly attempt: number;
      readonly trigger: TriggerFacts;
    };
  };
  /** Base64 where `isBase64Encoded`. */
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** By everything else: events, schedules, flows, calls by the API. */
export interface PlainEvent<Data = unknown> {
  /** Of the event; of other causes the run's. */
  readonly id: string;
  readonly type: string;
  /** ISO 8601. */
  readonly time: string;
  readonly data: Data;
  readonly account: string;
  readonly mode: 'live' | 'test';
  readonly function: { readonly id: string; readonly name: string; readonly version: number };
  readonly run: { readonly id: string; readonly attempt: number };
  readonly trigger: TriggerFacts;
  /** Of an account event. */
  readonly event?: {
    readonly notation: string;
    readonly notations: readonly string[];
    readonly item_type: string;
    readonly item_id: string;
    readonly campaign: string | null;
    readonly shop: string | null;
    readonly related: Readonly<Record<string, unknown>>;
  };
}

/** Where a function may be started in both ways. */
// biome-ignore lint/suspicious/noExplicitAny: what callers send is theirs
export type AnyEvent<Data = any> = Partial<HttpEvent> & Partial<PlainEvent<Data>>;

/** At a function URL; other JSON is the body of a 200. */
export interface HttpResponse {
  statusCode: number;
  headers?: Record<string, string | number | boolean | null>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
}

export type Handler<Event = AnyEvent, Result = unknown> = (
  event: Event,
  context: Context,
  callback: (error?: Error | string | null, result?: Result) => void,
) => Promise<Result> | Result | undefined;

export type HttpHandler = Handler<HttpEvent, HttpResponse>;
export type EventHandler<Data = unknown> = Handler<PlainEvent<Data>>;
