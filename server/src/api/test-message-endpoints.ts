// POST /triggers/{id}/test-message: tries a webhook without its sender. Starts a run, so it needs the
// permission for that as well.
import { z } from 'zod';
import type { SendTestMessage } from '../doors/send-test-message.ts';
import { isStorableText, readInput } from '../http/read-input.ts';
import type { ApiEndpoint } from './millrace-api.ts';

const MOST_TYPE_CHARACTERS = 200;

const messageSchema = z.strictObject({
  body: z
    .string('must be text')
    .refine(isStorableText, 'must not contain NUL or broken characters')
    .default('{}')
    .describe('as it is posted'),
  content_type: z
    .string('must be text')
    .max(MOST_TYPE_CHARACTERS, `must have at most ${MOST_TYPE_CHARACTERS} characters`)
    .regex(/^[\x20-\x7e]+$/, 'must be of printable ASCII characters')
    .default('application/json'),
});

const sentSchema = z.object({
  run_id: z.string().nullable().describe('null: nothing runs, because the message came before'),
  answer: z.unknown().describe('what the sender would be answered'),
  headers: z.record(z.string(), z.string()).describe('that were sent; signatures are hidden'),
});

export function testMessageEndpoints(send: SendTestMessage): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/triggers/:id/test-message',
      summary: 'Sends a message to a webhook as its sender would, signed by its first secret',
      permit: [
        { resource: 'triggers', method: 'update' },
        { resource: 'hosted_function_executions', method: 'create' },
      ],
      takesPayload: true,
      body: messageSchema,
      response: sentSchema,
      async answer({ world, params, body, ip }) {
        const { body: text, content_type: contentType } = readInput(
          messageSchema,
          body ?? {},
          'the request body',
        );
        const sent = await send(world, params.id ?? '', { body: text, contentType, ip });
        return { run_id: sent.runId, answer: sent.answer, headers: sent.headers };
      },
    },
  ];
}
