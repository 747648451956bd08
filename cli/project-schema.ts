// The JSON schema of `millrace.json`, for editors: its settings, and what makes a version, as the API's own
// description has them. Called by scripts/check-client.ts.
import { CODE_SETTINGS, SETTINGS } from './src/project/project.ts';

type Schema = Record<string, unknown> & { properties?: Record<string, Schema> };
/** As far as it is read here. */
type Document = { paths?: Record<string, unknown> };

/** @param document as `GET /millrace/v1/openapi.json` answers */
export function projectSchema(document: Document): string {
  const made = bodyOf(document, '/functions');
  const trigger = bodyOf(document, '/triggers');
  const texts = { type: 'array', items: { type: 'string' } };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A function as a project of the program `millrace`',
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      name: { ...made.name, description: 'the function is found by it' },
      ...pick(made, [...CODE_SETTINGS, ...SETTINGS]),
      root: { type: 'string', description: 'what is packed; the folder of this file if it is left out' },
      ignore: { ...texts, description: 'paths below it that stay at home' },
      build: { type: 'string', description: 'a command that is run before packing' },
      zip: { type: 'string', description: 'what it makes, in place of the files' },
      variables: { type: 'object', additionalProperties: { type: 'string' } },
      secrets: { ...texts, description: 'names; `millrace secrets set` gives the values' },
      triggers: {
        type: 'object',
        description: 'by name',
        additionalProperties: {
          type: 'object',
          required: ['kind'],
          additionalProperties: false,
          properties: pick(trigger, ['kind', 'enabled', 'delay_ms', 'settings']),
        },
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function bodyOf({ paths }: Document, path: string): Record<string, Schema> {
  type Post = { requestBody: { content: Record<string, { schema: Schema }> } };
  const described = paths?.[path] as { post: Post };
  return described.post.requestBody.content['application/json']?.schema.properties ?? {};
}

function pick(schemas: Record<string, Schema>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, schemas[name] ?? {}]));
}
