// The door for assistants: a Model Context Protocol server per account at /mcp (streamable HTTP, by the official SDK). Every function
// that the account's assistants may call is a tool. Authenticates by the platform's tokens; keeps no session.
import {
  createMcpHandler,
  fromJsonSchema,
  type McpHttpHandler,
  McpServer,
} from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { World } from '../accounts/account.ts';
import { namedTools, type Tool, type ToolSource, toolCallData, toolSchema } from '../assistants/tool.ts';
import { Failure, fail } from '../errors/failure.ts';
import { answerFailures } from '../http/answer-failures.ts';
import { renderPlainFailure } from '../http/failure-renderer.ts';
import { limitBody } from '../http/limit-body.ts';
import { randomAlphanumeric } from '../ids/ids.ts';
import type { PayloadLimitOf } from '../limits/payload-limit.ts';
import type { Sql } from '../postgres/database.ts';
import type { CallFunction } from '../runs/call-function.ts';
import { bearerToken, callerOf, type Tokens } from '../tokens/bearer.ts';
import { type Caller, requirePermission } from '../tokens/caller.ts';

export type McpParts = {
  sql: Sql;
  tokens: Tokens;
  call: CallFunction;
  sources: readonly ToolSource[];
  log: Logger;
  bodyLimitBytes: number;
  /** Of an account's own. */
  payloadLimitOf: PayloadLimitOf;
  /** Unix time in ms. */
  clock(): number;
};

const PERMIT = { resource: 'hosted_function_executions', method: 'create' } as const;
const SERVER = { name: 'millrace', version: '1.0.0' };

/** @returns a plugin to be registered with `{ prefix: '/mcp' }` */
export function mcpDoor(parts: McpParts): FastifyPluginAsync {
  return async (scope) => {
    answerFailures(scope, parts.log, renderPlainFailure);
    const handler = createMcpHandler((context) => serverFor(parts, worldOf(context.authInfo)), {
      maxRequestBodySize: parts.bodyLimitBytes,
      onerror: (error) => parts.log.debug({ err: error }, 'an assistant’s request was refused'),
    });
    scope.addHook('onClose', () => handler.close());
    takeText(scope);
    scope.decorateRequest('caller', null);
    scope.route({
      method: ['GET', 'POST', 'DELETE'],
      url: '/',
      exposeHeadRoute: false,
      bodyLimit: parts.bodyLimitBytes,
      preParsing: limitBody((request) =>
        parts.payloadLimitOf(request.getDecorator<Caller>('caller').accountId),
      ),
      onRequest: async (request) => {
        refuseForeignPages(request);
        const caller = await authenticate(parts.tokens, request);
        requirePermission(caller, PERMIT);
        request.setDecorator('caller', caller);
      },
      handler: (request, reply) => serve(handler, request, reply),
    });
  };
}

function takeText(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

/** As the protocol asks: a page in somebody's browser must not speak for him. Assistants send no Origin. */
function refuseForeignPages(request: FastifyRequest): void {
  if (request.headers.origin === undefined) return;
  fail('insufficient_permissions', { message: 'pages in a browser are not served here' });
}

function authenticate(tokens: Tokens, request: FastifyRequest): Promise<Caller> {
  const token = bearerToken(request.headers.authorization);
  if (token === null) fail('unauthorized', { message: 'a token is needed: "Authorization: Bearer <token>"' });
  return callerOf(tokens, token, request);
}

async function serve(handler: McpHttpHandler, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { accountId, mode } = request.getDecorator<Caller>('caller');
  const answer = await handler.fetch(webRequest(request), {
    authInfo: { token: '', clientId: accountId, scopes: [], extra: { accountId, mode } },
  });
  reply.code(answer.status).headers(Object.fromEntries(answer.headers));
  await reply.send(answer.body === null ? undefined : answer.body);
}

function webRequest(request: FastifyRequest): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === 'content-length' || name === 'authorization' || value === undefined) continue;
    headers.set(name, [value].flat().join(', '));
  }
  const body = typeof request.body === 'string' ? request.body : null;
  return new Request('http://localhost/mcp', {
    method: request.method,
    headers,
    ...(request.method === 'POST' ? { body: body ?? '' } : {}),
  });
}

function worldOf(authInfo: { extra?: Record<string, unknown> } | undefined): World {
  const { accountId, mode } = authInfo?.extra ?? {};
  return { accountId: String(accountId), mode: mode as World['mode'] };
}

/** One request's server: the world's tools as they are now. */
async function serverFor(parts: McpParts, world: World): Promise<McpServer> {
  const server = new McpServer(SERVER, { capabilities: { tools: {} } });
  const tools = await Promise.all(parts.sources.map((source) => source(parts.sql, world)));
  for (const { name, tool } of namedTools(tools.flat())) {
    const inputSchema = fromJsonSchema<Record<string, unknown>>(toolSchema(tool));
    const title = tool.functionName;
    const about = { title, description: tool.description || title, inputSchema };
    server.registerTool(name, about, (given) => {
      const client = server.server.getClientVersion() ?? { name: 'assistant', version: '' };
      return callTool(parts, { world, name, tool, given, client });
    });
  }
  return server;
}

type ToolCall = {
  world: World;
  name: string;
  tool: Tool;
  given: Record<string, unknown>;
  client: { name: string; version: string };
};
type ToolAnswer = {
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: true;
};

async function callTool(
  parts: McpParts,
  { world, name, tool, given, client }: ToolCall,
): Promise<ToolAnswer> {
  const facts = {
    callId: `call_${randomAlphanumeric(24)}`,
    atUnix: Math.floor(parts.clock() / 1000),
    client,
  };
  const data = toolCallData(name, tool, given, facts);
  try {
    const { outcome } = await parts.call({
      ...{ world, functionId: tool.functionId },
      occasion: { trigger: 'ai_assistant', source: { id: client.name, name: client.name }, data },
      cause: { assistant: client.name, tool: name },
    });
    if (outcome.end !== 'returned') return failed(outcome.error.message);
    return answered(outcome.result.toString());
  } catch (error) {
    if (error instanceof Failure) return failed(error.message);
    throw error;
  }
}

function answered(json: string): ToolAnswer {
  const value: unknown = JSON.parse(json);
  const text = typeof value === 'string' ? value : json;
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  return {
    content: [{ type: 'text', text }],
    ...(isObject ? { structuredContent: value as Record<string, unknown> } : {}),
  };
}

/** An assistant reads why, and may try in another way. */
function failed(message: string): ToolAnswer {
  return { content: [{ type: 'text', text: message }], isError: true };
}
