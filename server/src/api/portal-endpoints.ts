// Portals: the operator makes a link, /operator/accounts/{id}/portal-links, and sees and ends the sessions
// that links became; the page that a link opens turns it into a session, /portal-session. What such a session
// may call, people/portal-features.ts says.
import { z } from 'zod';
import { findOperatedAccount } from '../accounts/operated-account-store.ts';
import { fail } from '../errors/failure.ts';
import { readInput, storableText } from '../http/read-input.ts';
import type { ConsoleAccess } from '../people/console-access.ts';
import { emailField } from '../people/email.ts';
import type { PortalAccess } from '../people/portal-access.ts';
import { FEATURES } from '../people/portal-features.ts';
import { listPortalSessions, type PortalGrants, type PortalSession } from '../people/portal-store.ts';
import type { Portals } from '../people/portals.ts';
import type { SignIn } from '../people/sign-in.ts';
import type { Database } from '../postgres/database.ts';
import { noSuchAccount } from './account-limit-fields.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest, OpenEndpoint } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { whoOf } from './operator-audit.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { fromOf } from './session-endpoints.ts';
import { personName } from './set-up-endpoints.ts';

export type PortalParts = {
  database: Database;
  portals: Portals;
  access: ConsoleAccess;
  portalAccess: PortalAccess;
  signIn: SignIn;
  /** May frame a portal, and be returned to. */
  origins: readonly string[];
  operatorAccountId: string;
};

const at = z.iso.datetime();
const HOUR_S = 3_600;
const MOST_FEATURES = 50;

const functionId = z
  .string('must be the id of a function')
  .regex(/^[0-9A-Za-z_-]{1,64}$/, 'must be the id of a function');
const feature = z.enum(FEATURES, `must be one of ${FEATURES.join(', ')}`);
const features = z
  .array(z.strictObject({ feature, function_id: functionId.nullable().optional() }), 'must be a list')
  .min(1, 'must name at least one')
  .max(MOST_FEATURES, `must name at most ${MOST_FEATURES}`);
const theme = z
  .record(z.string().regex(/^[a-z][a-z0-9_-]{0,49}$/), storableText(200))
  .refine((words) => Object.keys(words).length <= 50, 'must have at most 50 entries')
  .describe('handed to the page as it is');
const role = z.enum(['owner', 'developer', 'viewer'], 'must be owner, developer or viewer');
const mode = z.enum(['live', 'test'], 'must be live or test');

const newLink = z.strictObject({
  user: z.strictObject({
    id: storableText(200)
      .refine((text) => text !== '', 'must not be empty')
      .describe('your own key for the person'),
    name: personName,
    email: emailField,
  }),
  role,
  mode: mode.optional().describe('live where it is left out'),
  features: features.describe('what the portal shows; with function_id of that function alone'),
  theme: theme.optional(),
  return_url: storableText(2_000).nullable().optional().describe('at one of MILLRACE_PORTAL_ORIGINS'),
  expires_in: z
    .int('must be a whole number of seconds')
    .min(60, 'must be at least 60')
    .max(12 * HOUR_S, `must be at most ${12 * HOUR_S}`)
    .optional()
    .describe('how long the session lasts, in seconds; an hour where it is left out'),
});
const linkSchema = z.object({
  url: z.string().describe('opens the portal, once'),
  user_id: z.string(),
  expires_at: at.describe('until when it must be opened'),
});
z.globalRegistry.add(linkSchema, { id: 'PortalLink' });

const sessionSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  user: z.object({ id: z.string(), external_id: z.string(), name: z.string() }),
  mode,
  role,
  features: z.array(z.object({ feature, function_id: z.string().nullable() })),
  address: z.string().nullable(),
  created_at: at,
  expires_at: at,
});
z.globalRegistry.add(sessionSchema, { id: 'PortalSession' });
const shownSchema = sessionSchema.extend({
  theme: z.record(z.string(), z.string()),
  return_url: z.string().nullable(),
  frame_ancestors: z.array(z.string()).describe('origins whose pages may frame the portal'),
});
const openFields = z.strictObject({
  secret: z.string('must be text').max(100).describe('what stands behind the # of the link'),
});

const PATH = '/operator/accounts/:id';

export function portalEndpoints(parts: PortalParts): ApiEndpoint[] {
  return [
    {
      method: 'POST',
      path: `${PATH}/portal-links`,
      summary: 'Makes a link that opens a portal of the account for one person, once',
      ...operating('create'),
      body: newLink,
      response: linkSchema,
      answer: (request) => makeLink(parts, request),
    },
    {
      method: 'GET',
      path: `${PATH}/portal-sessions`,
      summary: 'The portals of an account that are open',
      ...operating('read'),
      response: pageSchema(sessionSchema),
      isPaged: true,
      answer: async (request) => {
        const accountId = await requireAccount(parts, request);
        const { limit, after } = readPageQuery(request.query, (text) => /^[0-9A-Za-z]{1,64}$/.test(text));
        const sessions = await listPortalSessions(parts.database, accountId, { after, limit: limit + 1 });
        return pageOf(sessions, limit, ({ id }) => id, sessionView);
      },
    },
    {
      method: 'DELETE',
      path: `${PATH}/portal-sessions/:session`,
      summary: 'Closes a portal',
      ...operating('delete'),
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        const accountId = await requireAccount(parts, request);
        const isGone = await parts.portals.end(accountId, request.params.session ?? '', whoOf(request));
        if (!isGone) fail('not_found', { message: 'the account has no such portal open' });
      },
    },
  ];
}

export function openPortalEndpoints(parts: PortalParts): OpenEndpoint[] {
  const { access, portalAccess, portals, signIn, origins } = parts;
  const shown = (session: PortalSession) => ({
    ...sessionView(session),
    ...{ theme: session.grants.theme, return_url: session.grants.returnUrl },
    frame_ancestors: [...origins],
  });
  return [
    {
      method: 'POST',
      path: '/portal-session',
      summary: 'Opens a portal by its link',
      permit: 'anyone',
      body: openFields,
      response: shownSchema.extend({
        token: z.string().describe('for `Authorization: Portal <token>`; shown this once'),
      }),
      answer: async (request) => {
        access.requireOwn(request);
        const from = fromOf(request);
        signIn.requirePace(from, null);
        const { secret } = readInput(openFields, request.body ?? {}, 'the request body');
        const opened = await portals.open(secret, from);
        return { ...shown(opened.session), token: opened.secret };
      },
    },
    {
      method: 'GET',
      path: '/portal-session',
      summary: 'The portal that is open: whose, until when, and what it shows',
      permit: 'anyone',
      needsSession: true,
      response: shownSchema,
      answer: async (request) => {
        access.requireOwn(request);
        return shown(await portalAccess.requireSession(request));
      },
    },
    {
      method: 'DELETE',
      path: '/portal-session',
      summary: 'Closes the portal',
      permit: 'anyone',
      needsSession: true,
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        access.requireOwn(request);
        const { accountId, userId, id } = await portalAccess.requireSession(request);
        await portals.end(accountId, id, { tokenId: null, userId, sessionId: id, address: request.ip });
      },
    },
  ];
}

async function requireAccount({ database }: PortalParts, { params }: ApiRequest): Promise<string> {
  return ((await findOperatedAccount(database, params.id ?? '')) ?? noSuchAccount()).id;
}

async function makeLink(parts: PortalParts, request: ApiRequest): Promise<unknown> {
  const asked = readInput(newLink, request.body ?? {}, 'the request body');
  const accountId = await requireAccount(parts, request);
  if (accountId === parts.operatorAccountId) {
    // A token that only operates would reach the first account's functions by it.
    fail('insufficient_permissions', { message: 'the first account has no portals: its people sign in' });
  }
  const { user, role, mode = 'live', theme = {}, return_url: returnUrl = null, expires_in = HOUR_S } = asked;
  const grants: PortalGrants = {
    ...{ mode, role, theme, returnUrl: returnUrl === null ? null : atOwnOrigin(parts, returnUrl) },
    features: asked.features.map((one) => ({ feature: one.feature, functionId: one.function_id ?? null })),
  };
  const { id: externalId, name, email } = user;
  const { url, userId, expiresAt } = await parts.portals.makeLink(
    { accountId, user: { externalId, name, email }, grants, sessionS: expires_in },
    whoOf(request),
  );
  return { url, user_id: userId, expires_at: expiresAt.toISOString() };
}

/** @returns it as browsers read it. @throws Failure `invalid_input` */
function atOwnOrigin({ origins }: PortalParts, returnUrl: string): string {
  const url = URL.canParse(returnUrl) ? new URL(returnUrl) : null;
  // A blob: names the origin of a page as its own.
  if (url !== null && /^https?:$/.test(url.protocol) && origins.includes(url.origin)) return url.href;
  return fail('invalid_input', {
    message: 'return_url: must be an address at one of MILLRACE_PORTAL_ORIGINS',
    field: 'return_url',
  });
}

function sessionView(session: PortalSession): z.input<typeof sessionSchema> {
  const { mode, role, features } = session.grants;
  return {
    id: session.id,
    account_id: session.accountId,
    user: { id: session.userId, external_id: session.externalId, name: session.userName },
    ...{ mode, role },
    features: features.map(({ feature, functionId }) => ({ feature, function_id: functionId })),
    address: session.address,
    created_at: session.createdAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
  };
}
