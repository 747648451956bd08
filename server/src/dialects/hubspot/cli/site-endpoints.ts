// Domains and portal ids of an account in Millrace's own API: /domains, /portals. Where an installation has
// several accounts, only the first one's owner, who runs it, gives names away: nobody else could prove that a
// name is theirs.
import { z } from 'zod';
import type { World } from '../../../accounts/account.ts';
import { deleteHost, insertHost, listHosts } from '../../../accounts/host-store.ts';
import type { ApiEndpoint, ApiRequest } from '../../../api/millrace-api.ts';
import { textParameter } from '../../../api/query-parameters.ts';
import {
  type CertificateView,
  certificateSchema,
  readCertificateViews,
} from '../../../certificates/certificate-view.ts';
import type { Clock } from '../../../clock/clock.ts';
import { DOMAIN_PATTERN, type DomainRule } from '../../../config/site-settings.ts';
import { fail } from '../../../errors/failure.ts';
import { readInput } from '../../../http/read-input.ts';
import type { Sql } from '../../../postgres/database.ts';
import { requireLive } from '../../../tokens/caller.ts';
import { findPortal } from '../catalog/portal-store.ts';
import { deletePortal, insertPortal, listFirstAccounts, listPortals } from '../catalog/site-store.ts';

type Parts = {
  sql: Sql;
  /** Whether names get certificates from an authority. */
  hasAuthority: boolean;
  clock: Clock;
  domains: readonly DomainRule[];
};

const READ = { resource: 'accounts', method: 'read' } as const;
const UPDATE = { resource: 'accounts', method: 'update' } as const;

const portalId = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const forAccount = portalId
  .optional()
  .describe('number of the account that it is for; only the first account may give names to others');
const domainBody = z.strictObject({
  domain: z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .refine((text) => DOMAIN_PATTERN.test(text), 'must be a host name without port, such as www.example.com'),
  account_number: forAccount,
});
const portalBody = z.strictObject({ portal_id: portalId, account_number: forAccount });
const domainSchema = z.object({
  domain: z.string(),
  source: z.enum(['api', 'configuration']),
  created_at: z.iso.datetime().nullable(),
  certificate: certificateSchema.nullable(),
});
const portalSchema = z.object({ portal_id: portalId, created_at: z.iso.datetime().nullable() });
const listOf = (item: z.ZodType): z.ZodType => z.object({ data: z.array(item), next: z.null() });
const deleted = z.object({ deleted: z.boolean() });

export function siteEndpoints(parts: Parts): ApiEndpoint[] {
  return [
    {
      ...{ method: 'GET', path: '/domains', permit: READ, response: listOf(domainSchema) },
      summary: 'Hosts whose pages call endpoints of this account and mode without naming it',
      answer: async ({ world }) => ({ data: await domainViews(parts, world), next: null }),
    },
    {
      ...{ method: 'POST', path: '/domains', permit: UPDATE, body: domainBody, response: domainSchema },
      summary: 'Gives a host to this account and mode',
      status: 201,
      foundBy: 'domain',
      answer: (request) => addDomain(parts, request),
    },
    {
      ...{ method: 'DELETE', path: '/domains', permit: UPDATE, response: deleted },
      query: { domain: textParameter('the host') },
      summary: 'Takes the host named by `?domain=` away again',
      answer: async ({ world, query }) => ({
        deleted: await deleteHost(parts.sql, world, String(query.domain ?? '').toLowerCase()),
      }),
    },
    {
      ...{ method: 'GET', path: '/domains/:domain', permit: READ, response: domainSchema },
      summary: 'A host of this account and mode',
      answer: async ({ world, params }) => {
        const views = await domainViews(parts, world);
        return views.find(({ domain }) => domain === named(params)) ?? noSuchDomain();
      },
    },
    {
      ...{ method: 'DELETE', path: '/domains/:domain', permit: UPDATE, response: z.undefined(), status: 204 },
      summary: 'Takes a host away that was given by this API',
      answer: async ({ world, params }) => {
        if (!(await deleteHost(parts.sql, world, named(params)))) noSuchDomain();
      },
    },
    {
      ...{ method: 'GET', path: '/portals', permit: READ, response: listOf(portalSchema) },
      summary: 'Portal ids that this account had elsewhere',
      answer: async ({ world }) => ({
        data: (await listPortals(parts.sql, world)).map((portal) =>
          portalView(portal.portalId, portal.createdAt),
        ),
        next: null,
      }),
    },
    {
      ...{ method: 'POST', path: '/portals', permit: UPDATE, body: portalBody, response: portalSchema },
      summary: 'Lets pages go on naming the portal id that this account had elsewhere',
      status: 201,
      answer: (request) => addPortal(parts.sql, request),
    },
    {
      ...{ method: 'DELETE', path: '/portals', permit: UPDATE, response: deleted },
      query: { portal_id: z.int().min(1) },
      summary: 'Forgets the portal id named by `?portal_id=`',
      answer: async ({ world, query }) => {
        const id = /^[1-9][0-9]{0,14}$/.test(String(query.portal_id)) ? Number(query.portal_id) : 0;
        return { deleted: await deletePortal(parts.sql, world, id) };
      },
    },
  ];
}

function named({ domain = '' }: ApiRequest['params']): string {
  return domain.toLowerCase();
}

function noSuchDomain(): never {
  return fail('not_found', { message: 'this account has no such domain by this API' });
}

async function domainViews(parts: Parts, world: World): Promise<z.input<typeof domainSchema>[]> {
  const made = await listHosts(parts.sql, world);
  const configured: string[] = [];
  for (const { domain, portal } of parts.domains) {
    const owner = await findPortal(parts.sql, Number.parseInt(portal, 10));
    const mode = portal.endsWith('.test') ? 'test' : owner?.mode;
    if (owner?.accountId !== world.accountId || mode !== world.mode) continue;
    configured.push(domain);
  }
  const certificateOf = await certificatesOf(parts, [...configured, ...made.map(({ host }) => host)]);
  return [
    ...configured.map((domain) => ({
      ...{ domain, source: 'configuration' as const, created_at: null, certificate: certificateOf(domain) },
    })),
    ...made.map(({ host, createdAt }) => ({
      ...{ domain: host, source: 'api' as const, created_at: createdAt.toISOString() },
      certificate: certificateOf(host),
    })),
  ];
}

async function certificatesOf(
  { sql, hasAuthority, clock }: Parts,
  names: readonly string[],
): Promise<(name: string) => CertificateView | null> {
  return hasAuthority ? await readCertificateViews(sql, names, clock()) : () => null;
}

async function addDomain(parts: Parts, { world, body }: ApiRequest): Promise<unknown> {
  const { domain, account_number } = readInput(domainBody, body, 'the request body');
  const { sql } = parts;
  const target = await permittedWorld(sql, world, account_number);
  if (!(await insertHost(sql, target, domain))) {
    fail('conflict', { message: `the domain ${domain} belongs to another account or mode`, field: 'domain' });
  }
  const certificate = (await certificatesOf(parts, [domain]))(domain);
  return { domain, source: 'api', created_at: new Date().toISOString(), certificate };
}

async function addPortal(sql: Sql, { world, body }: ApiRequest): Promise<unknown> {
  const { portal_id, account_number } = readInput(portalBody, body, 'the request body');
  const target = await permittedWorld(sql, world, account_number);
  if (!(await insertPortal(sql, target, portal_id))) {
    fail('conflict', { message: `the portal id ${portal_id} is taken`, field: 'portal_id' });
  }
  return portalView(portal_id, new Date());
}

/** @returns the world that the name is for: the caller's, or the one that the operator names */
async function permittedWorld(sql: Sql, world: World, accountNumber: number | undefined): Promise<World> {
  const [first, ...others] = await listFirstAccounts(sql);
  if (others.length > 0 && first?.accountId !== world.accountId) {
    fail('insufficient_permissions', {
      message: 'this installation has several accounts: only the first one can give names to accounts',
    });
  }
  if (accountNumber === undefined) return world;
  requireLive(world);
  const named = await findPortal(sql, accountNumber);
  if (named === null) fail('not_found', { message: `there is no account with number ${accountNumber}` });
  return { accountId: named.accountId, mode: world.mode };
}

function portalView(id: number, createdAt: Date): z.input<typeof portalSchema> {
  return { portal_id: id, created_at: createdAt.toISOString() };
}
