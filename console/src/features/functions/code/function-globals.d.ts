// What code of functions finds, as far as the editor must know it: Node's own, and the shapes of events.
// Given to the editor as text.
declare namespace Millrace {
  /** Of a webhook or function URL. */
  interface HttpEvent {
    version: '2.0';
    rawPath: string;
    rawQueryString: string;
    queryStringParameters?: Record<string, string>;
    /** Names in lower case. */
    headers: Record<string, string>;
    cookies?: string[];
    body?: string;
    isBase64Encoded: boolean;
    requestContext: {
      http: { method: string; path: string; sourceIp: string; userAgent: string };
      requestId: string;
      millrace: { mode: 'live' | 'test'; version: number; attempt: number };
    };
  }
  /** Of everything else: events, schedules, calls by the API. */
  interface Event<Data = any> {
    id: string;
    type: string;
    time: string;
    data: Data;
    account: string;
    mode: 'live' | 'test';
    function: { id: string; name: string; version: number };
    run: { id: string; attempt: number };
    trigger: { kind: string; id: string | null; name: string | null };
    /** Of an account event. */
    event?: {
      notation: string;
      notations: string[];
      item_type: string;
      item_id: string;
      campaign: string | null;
      shop: string | null;
    };
  }
  interface Context {
    /** The same in every attempt of a run. */
    awsRequestId: string;
    functionName: string;
    functionVersion: string;
    memoryLimitInMB: string;
    getRemainingTimeInMillis(): number;
  }
  interface Response {
    statusCode: number;
    headers?: Record<string, string>;
    cookies?: string[];
    body?: string;
    isBase64Encoded?: boolean;
  }
}

declare const process: { env: Record<string, string | undefined>; version: string };
declare const console: Record<'log' | 'info' | 'warn' | 'error' | 'debug', (...values: unknown[]) => void>;
declare function require(name: string): any;
declare const module: { exports: any };
declare const Buffer: any;
declare function fetch(url: string | URL, options?: any): Promise<any>;
declare function setTimeout(work: () => void, ms?: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare class URL {
  constructor(url: string, base?: string);
  readonly searchParams: URLSearchParams;
  readonly pathname: string;
  readonly host: string;
}
declare class URLSearchParams {
  constructor(text?: string | Record<string, string>);
  get(name: string): string | null;
  toString(): string;
}
declare const crypto: any;
