// The portal that this page is: whose, and what it shows. As a session of the person, so that every screen
// asks what it may as it always does. Called by session.ts, and before the first page.
import { millraceOf, read, type Schemas } from '../api/millrace.ts';
import { isPortal, keepPortalToken, portalToken } from '../api/portal-token.ts';
import type { Permissions, Session } from './session.ts';

export type Feature = Schemas['PortalSession']['features'][number]['feature'];
export type Portal = Schemas['PortalSession'] & {
  theme: Record<string, string>;
  return_url: string | null;
  frame_ancestors: string[];
};

const ALL = ['create', 'read', 'update'] as const;
type Method = (typeof ALL)[number];
type Opened = readonly (readonly [keyof Permissions, readonly Method[]])[];

/** What the server opens by a feature, as permissions. What it decides is what counts. */
const OPENS: Readonly<Record<Feature, Opened>> = {
  code: [
    ['hosted_functions', ALL],
    ['hosted_function_executions', ['create']],
  ],
  runs: [
    ['function_runs', ALL],
    ['hosted_functions', ['read']],
    ['hosted_function_executions', ['create']],
  ],
  inputs: [['run_contents', ['read']]],
  variables: [['hosted_functions', ['read', 'update']]],
  settings: [['hosted_functions', ['read', 'update']]],
};

/** The link's secret becomes a session, once; it goes out of the address. @throws Refusal */
export async function openPortal(): Promise<void> {
  const secret = location.hash.slice(1);
  if (!isPortal || secret === '') return;
  history.replaceState(history.state, '', location.pathname);
  const { token } = await read(millraceOf(null).POST('/portal-session', { body: { secret } }));
  keepPortalToken(token);
}

/** null: it is over. */
export async function askPortal(): Promise<Session> {
  if (portalToken() === null) return null;
  const portal = await read(millraceOf(null).GET('/portal-session'));
  const { account_id, user, role } = portal;
  return {
    ...{ name: user.name, email: '', second_factor: false, portal },
    accounts: [{ account_id, user_id: user.id, role, permissions: permissionsOf(portal) }],
  };
}

function permissionsOf({ role, features }: Portal): Permissions {
  const permissions: Record<string, Partial<Record<string, boolean>>> = {};
  for (const { feature, function_id } of features) {
    for (const [resource, methods] of OPENS[feature]) {
      // One function is shown, and no other is made.
      const isOfOne = function_id !== null && resource === 'hosted_functions';
      const allowed = methods.filter((method) => mayDo(method, role, isOfOne));
      const before = permissions[resource] ?? {};
      permissions[resource] = { ...before, ...Object.fromEntries(allowed.map((method) => [method, true])) };
    }
  }
  return permissions as Permissions;
}

function mayDo(method: Method, role: Portal['role'], isOfOne: boolean): boolean {
  if (role === 'viewer') return method === 'read';
  return method !== 'create' || !isOfOne;
}

export function isShown({ features }: Portal, feature: Feature, functionId: string | null): boolean {
  return features.some(
    (one) => one.feature === feature && (one.function_id === null || one.function_id === functionId),
  );
}

export function showsFunctions(portal: Portal): boolean {
  return isShown(portal, 'code', null) || isShown(portal, 'settings', null);
}

/** Functions that the portal shows by name, beside or instead of all. */
export function functionsOf({ features }: Portal): string[] {
  return [...new Set(features.flatMap(({ function_id }) => (function_id === null ? [] : [function_id])))];
}
