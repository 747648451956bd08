// The JSON schemas by which HubSpot's CLI checks a project before it uploads it, one per type of component.
// What Millrace runs it checks when it gets it, and reports lines; what it doesn't run is none of its
// business: everything is allowed. Pure.

/** Every type that the CLI knows by 8.14. */
const COMPONENT_TYPES = [
  ...[
    'APPLICATION',
    'API_CLIENT',
    'APP_OBJECT',
    'APP_OBJECT_ASSOCIATION',
    'APP_EVENT',
    'PAGE',
    'PAGES',
    'THEME',
  ],
  ...['REACT_THEME', 'CALLING', 'CARD', 'SCIM_INTEGRATION', 'SETTINGS', 'MARKETING_EVENT', 'MEDIA_BRIDGE'],
  ...['VIDEO_CONFERENCING', 'WEBHOOKS', 'WEBHOOKS_JOURNAL', 'WORKFLOW_ACTION', 'CRM_BULK_ACTION'],
  ...['TELEMETRY_CONFIG', 'MCP_CLIENT', 'MCP_SERVER', 'SERVERLESS_PACKAGE'],
];

const APP_FUNCTION = {
  type: 'object',
  required: ['entrypoint'],
  properties: {
    entrypoint: { type: 'string', minLength: 1 },
    secretKeys: { type: 'array', items: { type: 'string' } },
    endpoint: {
      type: 'object',
      required: ['path'],
      properties: {
        path: { type: 'string', minLength: 1 },
        methods: {
          type: 'array',
          items: { type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
        },
      },
    },
  },
};

export function componentSchemas(): Record<string, unknown> {
  return { ...Object.fromEntries(COMPONENT_TYPES.map((type) => [type, {}])), APP_FUNCTION };
}
