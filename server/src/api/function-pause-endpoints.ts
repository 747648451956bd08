// A function that is to stand still for a while: POST /functions/{id}/pause and /resume.
import type { FunctionPausing } from '../queue/pause-function.ts';
import { functionSchema } from './api-schemas.ts';
import { functionView } from './function-endpoints.ts';
import type { ApiEndpoint } from './millrace-api.ts';

const PERMIT = { resource: 'hosted_functions', method: 'update' } as const;

export function functionPauseEndpoints(pausing: FunctionPausing): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/functions/:id/pause',
      summary: 'Holds the queued runs of a function, and refuses calls that wait',
      permit: PERMIT,
      response: functionSchema,
      answer: async ({ world, params }) => functionView(await pausing.pause(world, params.id ?? '')),
    },
    {
      method: 'POST',
      path: '/functions/:id/resume',
      summary: 'Releases the runs that the pause held: they are due when they were before',
      permit: PERMIT,
      response: functionSchema,
      answer: async ({ world, params }) => functionView(await pausing.resume(world, params.id ?? '')),
    },
  ];
}
