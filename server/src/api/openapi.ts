// Describes Millrace's own API from the endpoints that are really served (OpenAPI 3.1). Schemas that have an
// `id` are named once, in `components`, and pointed at: clients get types of those names.
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { SESSION_COOKIE } from '../people/session-cookie.ts';
import type { Permit } from '../tokens/caller.ts';
import type { ApiEndpoint, OpenEndpoint } from './millrace-api.ts';
import { failureResponses, headersOf, refusalsOf } from './openapi-responses.ts';
import { parametersOf } from './query-parameters.ts';

type Json = Record<string, unknown>;

type Endpoint = ApiEndpoint | OpenEndpoint;

/**
 * Takes hundreds of milliseconds in all: others have their turn after each endpoint and path.
 * @param publicUrl without a trailing slash
 */
export async function openApiDocument(endpoints: readonly Endpoint[], publicUrl: string): Promise<Json> {
  const tagged = new Set(
    endpoints.filter(({ method, isPaged }) => method === 'GET' && isPaged !== true).map(({ path }) => path),
  );
  const paths: Record<string, Json> = {};
  const named: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:([a-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint, tagged) };
    await setImmediate();
  }
  for (const [path, described] of Object.entries(paths)) {
    paths[path] = nameSchemas(described, named) as Json;
    await setImmediate();
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version: 'v1',
      description: 'Functions with their runs, triggers and events.',
    },
    servers: [{ url: `${publicUrl}/millrace/v1` }],
    security: [{ token: [] }, { session: [], account: [] }],
    paths,
    components: {
      schemas: named,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        account: { type: 'apiKey', in: 'header', name: 'Millrace-Account' },
      },
      responses: failureResponses(),
    },
  };
}

const IF_MATCH: Json = {
  name: 'If-Match',
  in: 'header',
  description: 'ETag of what was read: refused with 412 where something else is there by now',
  schema: { type: 'string' },
};

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'sent again with the same key within a day, nothing is done again: the answer is the first one',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** @param tagged paths of what has an ETag */
function operation(endpoint: Endpoint, tagged: ReadonlySet<string>): Json {
  const inPath = [...endpoint.path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }));
  const { status = 200 } = endpoint;
  const isTagged = endpoint.method === 'GET' && endpoint.permit !== 'anyone' && tagged.has(endpoint.path);
  const headers = headersOf(status, { isTagged, takesKey: takesKey(endpoint) });
  const inQuery = Object.entries(parametersOf(endpoint)).map(([name, schema]) => parameter(name, schema));
  return {
    summary: endpoint.summary,
    ...needs(endpoint),
    parameters: [
      ...inPath,
      ...inQuery,
      ...(takesTag(endpoint, tagged) ? [IF_MATCH] : []),
      ...(takesKey(endpoint) ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: !endpoint.body.safeParse({}).success,
            content: bodyContentOf(endpoint, schemaOf(endpoint.body)),
          },
        }),
    responses: {
      [status]: {
        description: 'Done',
        ...(Object.keys(headers).length === 0 ? {} : { headers }),
        ...(status === 204 || status === 302 ? {} : { content: contentOf(endpoint) }),
      },
      ...(isTagged ? { 304: { description: 'What `If-None-Match` names is there still' } } : {}),
      ...(endpoint.accepted === undefined
        ? {}
        : { 202: { description: 'Accepted', content: jsonContent(schemaOf(endpoint.accepted)) } }),
      ...refusalsOf(endpoint, takesTag(endpoint, tagged)),
    },
  };
}

function takesKey({ method, permit }: Endpoint): boolean {
  return method === 'POST' && permit !== 'anyone';
}

function takesTag({ method, path }: Endpoint, tagged: ReadonlySet<string>): boolean {
  return method !== 'GET' && method !== 'POST' && tagged.has(path);
}

function needs(endpoint: Endpoint): Json {
  if (endpoint.permit === 'any_token') return { description: 'For every token.' };
  if (endpoint.permit !== 'anyone') {
    return { description: `Needs ${[endpoint.permit].flat().map(permission).join(' and ')}.` };
  }
  return endpoint.needsSession === true
    ? { description: 'For those who are signed in.', security: [{ session: [] }] }
    : { description: 'For everybody.', security: [] };
}

function permission({ method, resource }: Permit): string {
  return `the permission \`${method}\` on \`${resource}\``;
}

function bodyContentOf({ takesUpload }: Endpoint, schema: Json): Json {
  if (takesUpload !== true) return jsonContent(schema);
  const zip: Json = { type: 'string', format: 'binary', description: 'a zip of the code' };
  const form: Json = {
    type: 'object',
    required: ['code'],
    additionalProperties: false,
    properties: { settings: { type: 'string', description: 'the JSON of a body without `code`' }, code: zip },
  };
  const encoding = {
    code: { contentType: 'application/zip' },
    settings: { contentType: 'application/json' },
  };
  return {
    ...jsonContent(schema),
    'multipart/form-data': { schema: form, encoding },
    'application/zip': { schema: zip },
  };
}

function contentOf({ response, asText, asZip, asEvents, asLines }: Endpoint): Json {
  if (asLines === true) return { 'application/x-ndjson': { schema: schemaOf(response) } };
  if (asEvents === true) return { 'text/event-stream': { schema: schemaOf(response) } };
  const text: Json = asText === true ? { 'text/plain': { schema: { type: 'string' } } } : {};
  const zip: Json =
    asZip === true ? { 'application/zip': { schema: { type: 'string', format: 'binary' } } } : {};
  return { ...jsonContent(schemaOf(response)), ...text, ...zip };
}

function parameter(name: string, of: z.ZodType): Json {
  const { description, ...schema } = schemaOf(of);
  return {
    name,
    in: 'query',
    required: false,
    ...(description === undefined ? {} : { description }),
    schema,
  };
}

function jsonContent(schema: Json): Json {
  return { 'application/json': { schema } };
}

/**
 * @param named gets the schemas that have a name, wherever they stand
 * @returns what was given, without those
 */
function nameSchemas(part: unknown, named: Record<string, Json>): unknown {
  if (Array.isArray(part)) return part.map((one) => nameSchemas(one, named));
  if (typeof part !== 'object' || part === null) return part;
  const { $defs = {}, ...rest } = part as Json;
  for (const [name, { id: _, ...schema }] of Object.entries($defs as Record<string, Json>)) {
    if (!isAnyJson(name)) named[name] ??= nameSchemas(schema, named) as Json;
  }
  const name = typeof rest.$ref === 'string' ? rest.$ref.replace('#/$defs/', '') : null;
  // What is named here points to its place already.
  if (name === null || name.startsWith('#/')) {
    return Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, nameSchemas(one, named)]));
  }
  const { $ref: _, ...beside } = rest;
  return isAnyJson(name) ? beside : { ...beside, $ref: `#/components/schemas/${name}` };
}

/** zod numbers what refers to itself and has no name: of that kind there is `z.json()` alone. */
function isAnyJson(name: string): boolean {
  return name.startsWith('__schema');
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  const { id, $defs = {}, ...own } = rest;
  if (typeof id !== 'string') return rest;
  return { $ref: `#/$defs/${id}`, $defs: { ...($defs as Json), [id]: own } };
}
