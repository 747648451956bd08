// Requests of the room of people: users, invitations, tokens. People belong to both modes, and are asked for
// as of live; a token is seen in its own mode alone.
import { queryOptions } from '@tanstack/react-query';
import { every } from '../../api/every.ts';
import { millraceOf, type paths, read, type Schemas } from '../../api/millrace.ts';
import type { Where } from '../../shell/scope.ts';
import type { Session } from '../../shell/session.ts';

export type User = Schemas['User'];
/** `operator` is the first account's alone: nobody is given it. */
export type Role = Exclude<User['role'], 'operator'>;
export const ROLES = every<Role>()(['developer', 'viewer', 'owner']);

type Method = 'create' | 'read' | 'update' | 'delete';

const MOST = 100;
const live = ({ account }: Where) => millraceOf({ account, mode: 'live' });
const peopleKey = ({ account }: Where, what: string) => [account, 'people', what] as const;

const askUsers = (where: Where) => read(live(where).GET('/users', { params: { query: { limit: MOST } } }));

export const usersQuery = (where: Where) =>
  queryOptions({ queryKey: peopleKey(where, 'users'), queryFn: () => askUsers(where), retry: false });

export const invitationsQuery = (where: Where) =>
  queryOptions({
    queryKey: peopleKey(where, 'invitations'),
    queryFn: () => read(live(where).GET('/invitations', { params: { query: { limit: MOST } } })),
    retry: false,
  });

export const tokensQuery = ({ api, key }: Where) =>
  queryOptions({
    queryKey: [...key, 'tokens'],
    queryFn: () => read(api.GET('/tokens', { params: { query: { limit: MOST } } })),
    retry: false,
  });

export const invite = (where: Where, body: { email: string; name: string; role: Role }) =>
  read(live(where).POST('/invitations', { body }));

export const takeInvitationBack = (where: Where, id: string) =>
  read(live(where).DELETE('/invitations/{id}', { params: { path: { id } } }));

export const changeRole = (where: Where, id: string, role: Role) =>
  read(live(where).PATCH('/users/{id}', { params: { path: { id } }, body: { role } }));

export const removeUser = (where: Where, id: string) =>
  read(live(where).DELETE('/users/{id}', { params: { path: { id } } }));

export const makePasswordLink = (where: Where, id: string) =>
  read(live(where).POST('/users/{id}/password-link', { params: { path: { id } } }));

type NewToken = NonNullable<paths['/tokens']['post']['requestBody']>['content']['application/json'];
type Entry = NewToken['permissions'][number];

/** Everything that the person may do in the account: nobody gives a token more. */
export function permissionsIn(session: Session | undefined, account: string): Entry[] {
  const permissions = session?.accounts.find((one) => one.account_id === account)?.permissions ?? {};
  return Object.entries(permissions)
    .map(([resource, held]): Entry => {
      const methods = (Object.keys(held) as Method[]).filter((method) => held[method] === true);
      return { resource: resource as Entry['resource'], methods, allow: true };
    })
    .filter(({ methods }) => methods.length > 0);
}

export const makeToken = ({ api, mode }: Where, name: string, permissions: Entry[]) =>
  read(api.POST('/tokens', { body: { name, mode, permissions } }));

export const deleteToken = ({ api }: Where, id: string) =>
  read(api.DELETE('/tokens/{id}', { params: { path: { id } } }));
