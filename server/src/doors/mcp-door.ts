// The door for assistants: a Model Context Protocol server per account at /mcp (streamable HTTP, by the
// official SDK). Every function that the account's assistants may call is a tool. Authenticates by the
// platform's tokens; keeps no session.
import {
  createMcpHandler,
  fromJsonSchema,
  type McpHttpHandler,
  McpServer,
} from '@modelcontextprotocol/server';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { World } from '../accounts/account.ts';
import { Failure, fail } from '../errors/failure.ts';
import { answerFailures } from '../http/answer-failures.ts';
import { takeAnyContentType } from '../http/any-content-type.ts';
import { renderPlainFailure } from '../http/failure-renderer.ts';
import { CHANGES_NOTHING } from '../http/hold-answers.ts';
import { jsonProblem, ORDINARY_BOUNDS } from '../http/json-bounds.ts';
import { watchAddresses } from '../http/known-addresses.ts';
import { limitBody } from '../http/limit-body.ts';
import { randomAlphanumeric } from '../ids/ids.ts';
import type { PayloadLimitOf } from '../limits/payload-limit.ts';
import type { Sql } from '../postgres/database.ts';
import type { CallFunction } from '../runs/call-function.ts';
import { namedTools, type Tool, type ToolSource, toolSchema } from '../sources/assistants/tool.ts';
import { admitCallers, callerIn } from '../tokens/admit-callers.ts';
import { bearerToken, type Tokens } from '../tokens/bearer.ts';
import { clientOf, type McpClient, SESSION_HEADER, sessionFor } from './mcp-client.ts';

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
    const handler = createMcpHandler(
      (context) =>
        serverFor(parts, worldOf(context.authInfo), context.authInfo?.extra?.client as McpClient | null),
      {
        maxRequestBodySize: parts.bodyLimitBytes,
        onerror: (error) => parts.log.debug({ err: error }, 'an assistant’s request was refused'),
      },
    );
    scope.addHook('onClose', () => handler.close());
    takeAnyContentType(scope, 'string');
    const addresses = watchAddresses(scope);
    const admit = admitCallers(scope, {
      tokens: parts.tokens,
      tokenOf: presentedToken,
      missing: 'a token is needed: "Authorization: Bearer <token>"',
    });
    scope.route({
      method: 'POST',
      url: '/',
      config: { permit: PERMIT, ...CHANGES_NOTHING },
      exposeHeadRoute: false,
      bodyLimit: parts.bodyLimitBytes,
      ...admit(PERMIT),
      preParsing: limitBody((request) => parts.payloadLimitOf(callerIn(request).accountId)),
      handler: (request, reply) => serve(handler, request, reply),
    });
    addresses.refuseOtherMethods();
  };
}

/**
 * As the protocol asks, a page in a browser must not speak for the person who looks at it. Assistants send no
 * Origin.
 */
function presentedToken({ headers }: FastifyRequest): string | null {
  if (headers.origin === undefined) return bearerToken(headers.authorization);
  return fail('insufficient_permissions', { message: 'pages in a browser are not served here' });
}

async function serve(handler: McpHttpHandler, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { accountId, mode } = callerIn(request);
  refuseExcess(request.body);
  const answer = await handler.fetch(webRequest(request), {
    authInfo: {
      ...{ token: '', clientId: accountId, scopes: [] },
      extra: { accountId, mode, client: clientOf(request.headers) },
    },
  });
  const session = answer.ok ? sessionFor(request.body) : null;
  reply.code(answer.status).headers({
    ...Object.fromEntries(answer.headers),
    ...(session === null ? {} : { [SESSION_HEADER]: session }),
  });
  await reply.send(answer.body === null ? undefined : answer.body);
}

/** The protocol's own reader knows no bounds. */
function refuseExcess(body: unknown): void {
  const problem = typeof body === 'string' ? jsonProblem(Buffer.from(body), ORDINARY_BOUNDS) : null;
  if (problem !== null) fail('invalid_input', { message: `the request body ${problem}` });
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
    body: body ?? '',
  });
}

function worldOf(authInfo: { extra?: Record<string, unknown> } | undefined): World {
  const { accountId, mode } = authInfo?.extra ?? {};
  return { accountId: String(accountId), mode: mode as World['mode'] };
}

/** One request's server: the world's tools as they are now. */
async function serverFor(parts: McpParts, world: World, known: McpClient | null): Promise<McpServer> {
  // A change of the tools can't be announced where no connection stays open: it shows in the next list.
  const server = new McpServer(SERVER, { capabilities: { tools: { listChanged: false } } });
  const tools = await Promise.all(parts.sources.map((source) => source(parts.sql, world)));
  for (const { name, tool } of namedTools(tools.flat())) {
    const inputSchema = fromJsonSchema<Record<string, unknown>>(toolSchema(tool));
    const { title, description } = tool;
    const about = { title, description: description || title, inputSchema };
    server.registerTool(name, about, (given) => {
      const client = server.server.getClientVersion() ?? known ?? { name: 'assistant', version: '' };
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
  const data = tool.dataOf({
    ...{ name, given, client },
    callId: `call_${randomAlphanumeric(24)}`,
    atUnix: Math.floor(parts.clock() / 1000),
  });
  try {
    const { outcome } = await parts.call({
      ...{ world, functionId: tool.functionId },
      input: { trigger: 'ai_assistant', source: { id: client.name, name: client.name }, data },
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
