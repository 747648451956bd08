// Who is signed in. Called by the shell, by the sign-in page, and where a page asks what a person may do.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { millraceOf, Refusal, read } from '../api/millrace.ts';
import { useWhere } from './scope.ts';

export type Session = Awaited<ReturnType<typeof askSession>>;
type Signed = NonNullable<Session>;
export type Resource = keyof Signed['accounts'][number]['permissions'];

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: askSession, staleTime: 60_000 });

/** null: nobody is signed in. */
async function askSession() {
  try {
    return await read(millraceOf(null).GET('/session'));
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
