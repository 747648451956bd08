// POST /triggers/{id}/renew-address: another address for a webhook or a function URL, where the old one has
// become known.
import type { Sql } from '../postgres/database.ts';
import { renewAddress } from '../triggers/renew-address.ts';
import { triggerSchema } from './event-schemas.ts';
import type { ApiEndpoint } from './millrace-api.ts';
import { triggerView } from './trigger-view.ts';

type Parts = {
  sql: Sql;
  /** Without a trailing slash. */
  publicUrl: string;
};

export function addressEndpoints({ sql, publicUrl }: Parts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: '/triggers/:id/renew-address',
      summary: 'Gives a webhook or a function URL another address; the old one is gone',
      permit: { resource: 'triggers', method: 'update' },
      response: triggerSchema,
      answer: async ({ world, params }) =>
        triggerView(await renewAddress(sql, world, params.id ?? ''), publicUrl),
    },
  ];
}
