// The kinds of entries of an account's audit log, as the API names them. Part of the first load, since the
// address of the page is read there: knows no texts.
import { every } from '../../api/every.ts';
import type { paths } from '../../api/millrace.ts';

type Query = NonNullable<paths['/audit']['get']['parameters']['query']>;
export type AuditAction = NonNullable<Query['action']>;

export const AUDIT_ACTIONS = every<AuditAction>()([
  'resource.create',
  'resource.change',
  'resource.delete',
  'token.create',
  'token.change',
  'token.delete',
  'people.set_up',
  'session.create',
  'session.refused',
  'session.end',
  'password.change',
  'password.link',
  'password.reset',
  'user.invite',
  'user.uninvite',
  'user.join',
  'user.change',
  'user.remove',
  'passkey.add',
  'passkey.remove',
  'portal.link',
  'second_factor.add',
  'second_factor.remove',
]);

export function readAction(search: Record<string, unknown>): { action?: AuditAction } {
  const action = AUDIT_ACTIONS.find((one) => one === search.action);
  return action === undefined ? {} : { action };
}
