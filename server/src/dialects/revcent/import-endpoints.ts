// Import files by Millrace's own API, where people who are signed in can get at them: POST /import/revcent
// looks at a file and reports it whole, with everything that is wrong, or makes the function. What an import
// file is, import-file.ts says. Called by roles/mount-revcent.ts.
import { z } from 'zod';
import type { ApiEndpoint, ApiRequest } from '../../api/millrace-api.ts';
import { isStorableText, readInput } from '../../http/read-input.ts';
import { type FunctionEndpointParts, rulesOf } from './function-endpoints.ts';
import type { Problem } from './problems.ts';
import { checkCode, previewImportInThread, readImportInThread } from './read-in-thread.ts';
import { createFunction } from './save-function.ts';

/** Of all values together, the engine's own rule is stricter. */
const MOST_VARIABLES = 500;

const storable = z.string('must be text').refine(isStorableText, 'must not contain NUL or broken characters');
const importSchema = z.strictObject({
  file: storable.describe('the import file, as it is'),
  variables: z
    .record(z.string(), storable)
    .refine((values) => Object.keys(values).length <= MOST_VARIABLES, `must be ${MOST_VARIABLES} at most`)
    .default({})
    .describe('values by name, for those that the file leaves to its importer'),
});

const problemSchema = z.object({
  field: z.string(),
  rule: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
});
const previewSchema = z.object({
  ...{ name: z.string(), description: z.string(), author: z.string(), trigger: z.string() },
  ...{ events: z.array(z.string()), cron_expression: z.string(), cron_timezone: z.string() },
  dependencies: z.record(z.string(), z.string()),
  variables: z.array(
    z.object({ name: z.string(), description: z.string(), required: z.boolean(), has_value: z.boolean() }),
  ),
  code: z.string(),
});
const reportSchema = z.object({
  function_id: z.string().nullable().describe('null: nothing was made'),
  file: previewSchema.nullable().describe('what the file says, as far as it can be read'),
  problems: z.array(problemSchema).describe('everything that prevents the import'),
  warnings: z.array(problemSchema).describe('what does not'),
  ignored: z.array(z.string()).describe('members that nothing reads'),
});
z.globalRegistry.add(reportSchema, { id: 'ImportReport' });
type Report = z.input<typeof reportSchema>;

export function revcentImportEndpoints(parts: FunctionEndpointParts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/import/revcent',
      summary: "Makes a disabled function of RevCent's import file; with dry_run only the report",
      permit: { resource: 'hosted_functions', method: 'create' },
      query: { dry_run: z.enum(['true', 'false']) },
      body: importSchema,
      response: reportSchema,
      answer: (request) => importFile(parts, request),
    },
  ];
}

async function importFile(parts: FunctionEndpointParts, { world, query, body }: ApiRequest): Promise<Report> {
  const asked = readInput(importSchema, body ?? {}, 'the request body');
  const file = { text: asked.file, values: asked.variables, ...rulesOf(parts) };
  if (query.dry_run === 'true') {
    const { preview, problems, ignored } = await previewImportInThread(parts.threads, world.accountId, file);
    const warnings = await warningsOf(parts, world.accountId, preview?.code);
    const report = { problems: problems.map(told), warnings, ignored: [...ignored] };
    return { function_id: null, file: preview, ...report };
  }
  const { draft, ignored } = await readImportInThread(parts.threads, world.accountId, file);
  const { fn } = await createFunction(parts, world, draft, false);
  const warnings = await warningsOf(parts, world.accountId, draft.code);
  return { function_id: fn.id, file: null, problems: [], warnings, ignored: [...ignored] };
}

async function warningsOf(
  { threads }: FunctionEndpointParts,
  accountId: string,
  code: string | undefined,
): Promise<Report['warnings']> {
  const warning = code === undefined ? null : await checkCode(threads, accountId, code);
  if (warning === null) return [];
  const { message, line, column } = warning;
  return [{ field: 'function_code', rule: message, line, column }];
}

function told({ field, rule, line, column }: Problem): Report['problems'][number] {
  return { field, rule, line: line ?? null, column: column ?? null };
}
