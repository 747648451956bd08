// SMTP profiles: the servers that send an account's mail. List, read, create, change, delete. A password goes
// in and never comes out.

import { z } from 'zod';
import type { World } from '../accounts/account.ts';
import { SMTP_SECURITIES } from '../config/smtp-url.ts';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import { newResourceId } from '../ids/ids.ts';
import { type Keys, sealPassword } from '../mail/smtp-password.ts';
import type { SealedSmtpProfile, SmtpProfileSettings } from '../mail/smtp-profile.ts';
import { deleteProfile, getProfile, listProfiles, putProfile } from '../mail/smtp-profile-store.ts';
import type { Database } from '../postgres/database.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { pageOf, readPageQuery } from './page-query.ts';

type Parts = { database: Database; keys: Keys };

const HOST = /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/;
const SENDER = /^([^<>\r\n]{0,200}<[^\s@<>]{1,64}@[^\s@<>]{1,250}>|[^\s@<>]{1,64}@[^\s@<>]{1,250})$/;

const changeSchema = z.strictObject({
  name: storableText(100).optional(),
  host: z.string('must be text').regex(HOST, 'must be the name or the address of a server').optional(),
  port: z
    .int('must be a whole number')
    .min(1, 'must be 1 to 65535')
    .max(65_535, 'must be 1 to 65535')
    .optional(),
  security: z.enum(SMTP_SECURITIES, 'must be tls, starttls or none').optional(),
  username: storableText(500).nullable().optional(),
  password: storableText(500).nullable().optional().describe('never shown again'),
  sender: z
    .string('must be text')
    .regex(SENDER, 'must be an address such as shop@example.com, or Name <shop@example.com>')
    .optional(),
  is_default: z.boolean('must be true or false').optional().describe('sends what names no profile'),
});

const smtpProfileSchema = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string(),
  port: z.int(),
  security: z.enum(SMTP_SECURITIES),
  username: z.string().nullable(),
  has_password: z.boolean(),
  sender: z.string().describe('who the mails are from'),
  is_default: z.boolean(),
  created_at: z.iso.datetime(),
  modified_at: z.iso.datetime(),
});
z.globalRegistry.add(smtpProfileSchema, { id: 'SmtpProfile' });

export function smtpProfileEndpoints(parts: Parts): ApiEndpoint[] {
  const permit = (method: 'read' | 'create' | 'update' | 'delete') =>
    ({ resource: 'smtp_profiles', method }) as const;
  const item = '/smtp_profiles/:id';
  return [
    {
      method: 'GET',
      path: '/smtp_profiles',
      summary: 'The SMTP profiles of the account',
      permit: permit('read'),
      response: pageSchema(smtpProfileSchema),
      isPaged: true,
      answer: (request) => list(parts, request),
    },
    {
      method: 'GET',
      path: item,
      summary: 'An SMTP profile',
      permit: permit('read'),
      response: smtpProfileSchema,
      answer: async (request) => view(await findOrFail(parts, request)),
    },
    {
      method: 'POST',
      path: '/smtp_profiles',
      summary: 'Adds an SMTP profile',
      permit: permit('create'),
      body: changeSchema,
      status: 201,
      response: smtpProfileSchema,
      answer: ({ world, body }) => put(parts, null, { world, body }),
    },
    {
      method: 'PATCH',
      path: item,
      summary: 'Changes an SMTP profile',
      permit: permit('update'),
      body: changeSchema,
      response: smtpProfileSchema,
      answer: async (request) => put(parts, await findOrFail(parts, request), request),
    },
    {
      method: 'DELETE',
      path: item,
      summary: 'Deletes an SMTP profile',
      permit: permit('delete'),
      response: z.object({ deleted: z.boolean() }),
      answer: async ({ world, params }) => {
        if (!(await deleteProfile(parts.database, world, params.id ?? ''))) noSuchProfile();
        return { deleted: true };
      },
    },
  ];
}

async function list({ database }: Parts, { world, query }: ApiRequest): Promise<unknown> {
  const { limit, after } = readPageQuery(query, (text) => /^[0-9A-Za-z]{1,64}$/.test(text));
  const profiles = await listProfiles(database, world, { after, limit: limit + 1 });
  return pageOf(profiles, limit, ({ id }) => id, view);
}

async function put(
  { database, keys }: Parts,
  stored: SealedSmtpProfile | null,
  { world, body }: { world: World; body: unknown },
): Promise<unknown> {
  const said = readInput(changeSchema, body, 'the request body');
  const settings = wholeOf(stored, said);
  const owner = { accountId: world.accountId, id: stored?.id ?? newResourceId() };
  // Another server must not get the password that was meant for the former one.
  const isElsewhere = stored !== null && isAnotherServer(stored, settings);
  if (isElsewhere && stored.sealedPassword !== null && said.password === undefined) {
    const message = 'password: must be given again when host or port changes, or security becomes none';
    fail('invalid_input', { message, field: 'password' });
  }
  const sealedPassword =
    said.password === undefined
      ? (stored?.sealedPassword ?? null)
      : await sealPassword(keys, owner, said.password);
  const { mode } = world;
  const kept = await database.transaction((sql) =>
    putProfile(sql, { ...settings, ...owner, mode, sealedPassword }),
  );
  if (kept === null) {
    fail('conflict', {
      message: `name: there is another SMTP profile named ${settings.name}`,
      field: 'name',
    });
  }
  return view(kept);
}

/** Or the same one, spoken to so that others can listen. */
function isAnotherServer(before: SmtpProfileSettings, after: SmtpProfileSettings): boolean {
  if (before.host.toLowerCase() !== after.host.toLowerCase() || before.port !== after.port) return true;
  return before.security !== 'none' && after.security === 'none';
}

const USUAL_PORTS = { tls: 465, starttls: 587, none: 25 } as const;

function wholeOf(stored: SealedSmtpProfile | null, said: z.infer<typeof changeSchema>): SmtpProfileSettings {
  const need = (field: 'name' | 'host' | 'sender'): string => {
    const value = said[field]?.trim() ?? stored?.[field] ?? '';
    return value === '' ? fail('invalid_input', { message: `${field}: is required`, field }) : value;
  };
  const security = said.security ?? stored?.security ?? 'starttls';
  return {
    name: need('name'),
    host: need('host'),
    port: said.port ?? stored?.port ?? USUAL_PORTS[security],
    security,
    username: said.username === undefined ? (stored?.username ?? null) : said.username || null,
    sender: need('sender'),
    isDefault: said.is_default ?? stored?.isDefault ?? false,
  };
}

async function findOrFail({ database }: Parts, { world, params }: ApiRequest): Promise<SealedSmtpProfile> {
  return (await getProfile(database, world, params.id ?? '')) ?? noSuchProfile();
}

function noSuchProfile(): never {
  return fail('not_found', { message: 'there is no such SMTP profile' });
}

function view(profile: SealedSmtpProfile): Record<string, unknown> {
  return {
    id: profile.id,
    name: profile.name,
    host: profile.host,
    port: profile.port,
    security: profile.security,
    username: profile.username,
    has_password: profile.sealedPassword !== null,
    sender: profile.sender,
    is_default: profile.isDefault,
    created_at: profile.createdAt.toISOString(),
    modified_at: profile.modifiedAt.toISOString(),
  };
}
