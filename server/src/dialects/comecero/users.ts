// The endpoints of `users/me`: on whose behalf a token acts, and what it may do (docs/specs/comecero.md
// section 5).
import { z } from 'zod';
import { findUser, type StoredUser, setUserLanguage } from '../../accounts/user-store.ts';
import { fail } from '../../errors/failure.ts';
import type { OwnEvent, PublishOwn } from '../../events/own-events.ts';
import { readInput } from '../../http/read-input.ts';
import type { Database, Sql } from '../../postgres/database.ts';
import type { Caller } from '../../tokens/caller.ts';
import { commonFields, type Endpoint, found, resourceUrl } from './endpoint.ts';
import type { View } from './resource-view.ts';
import { shownPermissions } from './shown-permissions.ts';

export type UsersParts = { sql: Database; publicUrl: string; publishOwn: PublishOwn };

const body = z.object(
  {
    language: z
      .string('must be a language tag such as en or pt-BR')
      .refine(isLanguage, 'must be a language tag such as en or pt-BR'),
  },
  'must be a JSON object',
);

export function usersEndpoints({ sql, publicUrl, publishOwn }: UsersParts): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/users/me',
      permit: 'any_token',
      answer: async ({ caller }) => {
        const user = caller.userId === null ? null : await findUser(sql, caller.accountId, caller.userId);
        return found(userView(user ?? nobody(), caller, publicUrl));
      },
    },
    {
      method: 'POST',
      path: '/users/me',
      permit: { resource: 'users', method: 'update' },
      takes: body,
      answer: async ({ caller, body: sent }) => {
        const { language } = readInput(body, sent, 'the request body');
        const user = await sql.transaction(async (inner) => {
          const changed = (await setLanguage(inner, caller, language)) ?? nobody();
          await publishOwn(inner, caller, [modified(changed, caller, publicUrl)]);
          return changed;
        });
        return found(userView(user, caller, publicUrl));
      },
    },
  ];
}

async function setLanguage(
  sql: Sql,
  { accountId, userId }: Caller,
  language: string,
): Promise<StoredUser | null> {
  return userId === null ? null : await setUserLanguage(sql, { accountId, id: userId }, language);
}

/** Without the address: a receiver of events need not be one that may read users. */
function modified(user: StoredUser, { accountId, mode }: Caller, publicUrl: string): OwnEvent {
  const { id, name, language, locale } = user;
  const common = commonFields({ accountId, mode }, resourceUrl(publicUrl, `/users/${id}`));
  const data = { user_id: id, name, language, locale, is_account_owner: user.isAccountOwner, ...common };
  return { type: 'user:modified', itemId: id, data, causeEventId: null };
}

/** The address is shown only to those who may read users: a token may lie in a shop's page. */
function userView(user: StoredUser, caller: Caller, publicUrl: string): View {
  return {
    user_id: user.id,
    name: user.name,
    ...(caller.permissions.users.read ? { email: user.email } : {}),
    language: user.language,
    locale: user.locale,
    is_account_owner: user.isAccountOwner,
    effective_permissions: shownPermissions(caller.permissions),
    date_created: user.createdAt,
    date_modified: user.modifiedAt,
    ...commonFields(caller, resourceUrl(publicUrl, `/users/${user.id}`)),
  };
}

function nobody(): never {
  return fail('not_found', { message: 'this token belongs to no user' });
}

const MAX_TAG_LENGTH = 35;

function isLanguage(tag: string): boolean {
  if (tag.length > MAX_TAG_LENGTH) return false;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    // The one way that Intl has to say "no".
    return false;
  }
}
