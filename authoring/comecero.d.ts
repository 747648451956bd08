// `@millrace/types/comecero`: what a hosted function of Comecero gets and returns: API Gateway's proxy event,
// version 1.0 (docs/comecero.md).
import type { Context } from './index.js';

export interface HostedFunctionEvent {
  readonly resource: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly queryStringParameters: Readonly<Record<string, string>> | null;
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[]>> | null;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly stageVariables: null;
  readonly requestContext: Readonly<Record<string, unknown>>;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

export interface HostedFunctionResponse {
  statusCode: number;
  headers?: Record<string, string | number | boolean | null>;
  multiValueHeaders?: Record<string, (string | number | boolean)[]>;
  body?: string | null;
  isBase64Encoded?: boolean;
}

export type HostedFunction = (
  event: HostedFunctionEvent,
  context: Context,
  callback: (error?: Error | string | null, response?: HostedFunctionResponse) => void,
) => Promise<HostedFunctionResponse> | undefined;
