// Who is signed in, or whose portal this is. Called by the shell, by the sign-in page, and where a page asks
// what a person may do.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { millraceOf, Refusal, read } from '../api/millrace.ts';
import { isPortal } from '../api/portal-token.ts';
import { askPortal, type Portal } from './portal.ts';
import { useWhere } from './scope.ts';

type Own = Awaited<ReturnType<typeof askOwn>>;
type Role = Own['accounts'][number];
export type Permissions = Role['permissions'];
export type Resource = keyof Permissions;
export type Session =
  | (Pick<Own, 'name' | 'email' | 'second_factor'> & {
      accounts: readonly Role[];
      /** null: signed in themselves. */
      portal: Portal | null;
    })
  | null;

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: askSession, staleTime: 60_000 });

const askOwn = () => read(millraceOf(null).GET('/session'));

/** null: nobody is signed in. */
async function askSession(): Promise<Session> {
  try {
    return isPortal ? await askPortal() : { ...(await askOwn()), portal: null };
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return null;
    throw error;
  }
}

/** Whether the person may do this in the account of the page. What the server decides is what counts. */
export function useMay(resource: Resource, method: 'create' | 'read' | 'update' | 'delete'): boolean {
  const { account } = useWhere();
  const { data } = useQuery(sessionQuery);
  const role = data?.accounts.find((one) => one.account_id === account);
  return role?.permissions[resource]?.[method] === true;
}
