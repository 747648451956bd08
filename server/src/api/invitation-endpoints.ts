// Invitations to an account, /invitations: who is invited, as what; made by its owners, or by the operator.
// What a person does with the link is in link-endpoints.ts.
import { z } from 'zod';
import { findOperatedAccount } from '../accounts/operated-account-store.ts';
import { fail } from '../errors/failure.ts';
import { readInput } from '../http/read-input.ts';
import { emailField } from '../people/email.ts';
import type { Invitations } from '../people/invitations.ts';
import { findAccountInvitation, type Invitation, listInvitations } from '../people/link-store.ts';
import type { Database } from '../postgres/database.ts';
import { noSuchAccount } from './account-limit-fields.ts';
import { pageSchema } from './api-schemas.ts';
import type { ApiEndpoint, ApiRequest } from './millrace-api.ts';
import { operating } from './operator-account-endpoints.ts';
import { whoOf } from './operator-audit.ts';
import { pageOf, readPageQuery } from './page-query.ts';
import { peoplePermit, requireGivable, role, seesInputs, shownLink } from './role-fields.ts';
import { personName } from './set-up-endpoints.ts';

export type InvitationParts = { database: Database; invitations: Invitations; operatorAccountId: string };

const at = z.iso.datetime();
const newInvitation = z.strictObject({
  email: emailField,
  name: personName.optional(),
  role,
  sees_inputs: seesInputs.optional(),
});
const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role,
  sees_inputs: seesInputs,
  mailed: z.boolean(),
  created_at: at,
  expires_at: at,
});
z.globalRegistry.add(invitationSchema, { id: 'Invitation' });
const madeInvitation = invitationSchema.extend({ link: shownLink });

const isId = (text: string): boolean => /^[0-9A-Za-z]{1,64}$/.test(text);

export function invitationEndpoints(parts: InvitationParts): ApiEndpoint[] {
  const { database, invitations } = parts;
  return [
    {
      method: 'POST',
      path: '/invitations',
      summary: 'Invites a person to the account; the same address again replaces the invitation before',
      ...peoplePermit('create'),
      body: newInvitation,
      // A mail is sent.
      madeApart: true,
      status: 201,
      response: madeInvitation,
      answer: (request) => invite(parts, request, request.world.accountId),
    },
    {
      method: 'POST',
      path: '/operator/accounts/:id/invitations',
      summary: 'Invites a person to an account',
      ...operating('create'),
      body: newInvitation,
      // A mail is sent.
      madeApart: true,
      // It is looked at by the account alone, so without Location.
      response: madeInvitation,
      answer: async (request) => {
        const account = (await findOperatedAccount(database, request.params.id ?? '')) ?? noSuchAccount();
        return await invite(parts, request, account.id);
      },
    },
    {
      method: 'GET',
      path: '/invitations',
      summary: 'Who is invited',
      ...peoplePermit('read'),
      response: pageSchema(invitationSchema),
      isPaged: true,
      answer: async ({ world, query }) => {
        const { limit, after } = readPageQuery(query, isId);
        const found = await listInvitations(database, world.accountId, { after, limit: limit + 1 });
        return pageOf(found, limit, ({ id }) => id, invitationView);
      },
    },
    {
      method: 'GET',
      path: '/invitations/:id',
      summary: 'An invitation',
      ...peoplePermit('read'),
      response: invitationSchema,
      answer: async ({ world, params }) =>
        invitationView(
          (await findAccountInvitation(database, world.accountId, params.id ?? '')) ?? noInvitation(),
        ),
    },
    {
      method: 'DELETE',
      path: '/invitations/:id',
      summary: 'Takes an invitation back',
      ...peoplePermit('delete'),
      status: 204,
      response: z.undefined(),
      answer: async (request) => {
        const { world, params } = request;
        const isGone = await invitations.takeBack(world.accountId, params.id ?? '', whoOf(request));
        if (!isGone) noInvitation();
      },
    },
  ];
}

function noInvitation(): never {
  return fail('not_found', { message: 'there is no such invitation' });
}

async function invite(parts: InvitationParts, request: ApiRequest, accountId: string): Promise<unknown> {
  const asked = readInput(newInvitation, request.body ?? {}, 'the request body');
  const given = { role: asked.role, seesInputs: asked.sees_inputs ?? false };
  requireGivable(parts, request, { given, accountId });
  const invited = { ...given, accountId, email: asked.email, name: asked.name ?? asked.email };
  const { invitation, link } = await parts.invitations.invite(invited, whoOf(request));
  return { ...invitationView(invitation), link };
}

function invitationView(invitation: Invitation): z.input<typeof invitationSchema> {
  return {
    id: invitation.id,
    email: invitation.email,
    name: invitation.name,
    role: invitation.role,
    sees_inputs: invitation.seesInputs,
    mailed: invitation.mailed,
    created_at: invitation.createdAt.toISOString(),
    expires_at: invitation.expiresAt.toISOString(),
  };
}
