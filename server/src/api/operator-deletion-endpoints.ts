// What became of accounts that were deleted, /operator/deletions: the reports, which outlive them. Shows
// counts, and never what was deleted.
import { z } from 'zod';
import { type DeletionReport, findDeletion, listDeletions } from '../accounts/account-deletion-store.ts';
import { fail } from '../errors/failure.ts';
import type { Sql } from '../postgres/database.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { pageOf, readPageQuery } from './page-query.ts';

const at = z.iso.datetime();
const reportSchema = z.object({
  account_id: z.string(),
  external_id: z.string().nullable(),
  requested_at: at,
  begun_at: at.describe('when its key was destroyed'),
  ended_at: at.nullable().describe('null: it goes on'),
  rows: z.record(z.string(), z.int()).describe('deleted so far, by table'),
});
z.globalRegistry.add(reportSchema, { id: 'DeletionReport' });

const PATH = '/operator/deletions';

export function operatorDeletionEndpoints({ database }: { database: Sql }): ApiEndpoint[] {
  return [
    {
      method: 'GET',
      path: PATH,
      summary: 'Reports of accounts that were deleted, or are being deleted',
      ...operating('read'),
      response: pageSchema(reportSchema),
      isPaged: true,
      answer: async ({ query }) => {
        const { limit, after } = readPageQuery(query, (text) => /^[0-9A-Za-z]{1,64}$/.test(text));
        const reports = await listDeletions(database, { after, limit: limit + 1 });
        return pageOf(reports, limit, ({ accountId }) => accountId, view);
      },
    },
    {
      method: 'GET',
      path: `${PATH}/:account`,
      summary: 'The report of one',
      ...operating('read'),
      response: reportSchema,
      answer: async ({ params }) => {
        const report = await findDeletion(database, params.account ?? '');
        return view(report ?? fail('not_found', { message: 'no such account was deleted' }));
      },
    },
  ];
}

function view(report: DeletionReport): z.input<typeof reportSchema> {
  return {
    account_id: report.accountId,
    external_id: report.externalId,
    requested_at: report.requestedAt.toISOString(),
    begun_at: report.begunAt.toISOString(),
    ended_at: report.endedAt?.toISOString() ?? null,
    rows: report.rows,
  };
}
