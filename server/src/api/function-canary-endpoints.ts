// Parts of a function's runs for another version, and the ways on and back: /functions/{id}/canary, its
// promote, and /functions/{id}/rollback. Of functions of whatever dialect. Called by
// roles/mount-own-functions.ts.
import { z } from 'zod';
import { fail } from '../errors/failure.ts';
import type { SealedFunction } from '../functions/function-store.ts';
import { readInput } from '../http/read-input.ts';
import type { Sql } from '../postgres/database.ts';
import type { Deployment } from '../versions/deployment.ts';
import { functionSchema } from './api-schemas.ts';
import { canaryView, functionView, oneFunction } from './function-endpoints.ts';
import type { ApiEndpoint } from './millrace-api.ts';

type Parts = { sql: Sql; deployment: Pick<Deployment, 'setCanary' | 'promote' | 'rollback'> };

const READ = { resource: 'hosted_functions', method: 'read' } as const;
const UPDATE = { resource: 'hosted_functions', method: 'update' } as const;

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

const canarySchema = z.strictObject({
  version: z.int().min(1).describe('another version than the active one'),
  percent: z.number().int().min(0).max(100).describe('of the runs; what is left goes to the active version'),
  sticky_header: z
    .string()
    .regex(HEADER_NAME, 'must be the name of a header')
    .nullable()
    .default(null)
    .describe('of calls over HTTP: the same value of this header always gets the same version'),
});
z.globalRegistry.add(canarySchema, { id: 'Canary' });

export function functionCanaryEndpoints(parts: Parts): ApiEndpoint[] {
  const { deployment } = parts;
  return [
    {
      method: 'GET',
      path: '/functions/:id/canary',
      summary: 'Which version gets a part of the runs',
      permit: READ,
      response: canarySchema,
      answer: async (request) => shown(await oneFunction(parts, request)),
    },
    {
      method: 'PUT',
      path: '/functions/:id/canary',
      summary: 'Gives a part of the runs to a version that is not active',
      permit: UPDATE,
      body: canarySchema,
      response: canarySchema,
      answer: async ({ world, params, body }) => {
        const { version, percent, sticky_header } = readInput(canarySchema, body, 'the request body');
        const canary = { version, percent, header: sticky_header?.toLowerCase() ?? null };
        return shown(await deployment.setCanary(world, params.id ?? '', canary));
      },
    },
    {
      method: 'DELETE',
      path: '/functions/:id/canary',
      summary: 'Gives all runs to the active version again',
      permit: UPDATE,
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        shown(await oneFunction(parts, request));
        await deployment.setCanary(request.world, request.params.id ?? '', null);
      },
    },
    {
      method: 'POST',
      path: '/functions/:id/canary/promote',
      summary: 'Makes the canary the active version: it gets all runs',
      permit: UPDATE,
      response: functionSchema,
      answer: async ({ world, params }) => functionView(await deployment.promote(world, params.id ?? '')),
    },
    {
      method: 'POST',
      path: '/functions/:id/rollback',
      summary: 'Ends a canary; without one, makes the version active again that was so before',
      permit: UPDATE,
      response: functionSchema,
      answer: async ({ world, params }) => functionView(await deployment.rollback(world, params.id ?? '')),
    },
  ];
}

/** @throws Failure `not_found` */
function shown({ canary }: SealedFunction): z.output<typeof canarySchema> {
  return canary === null ? fail('not_found', { message: 'the function has no canary' }) : canaryView(canary);
}
