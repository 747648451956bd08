// Where the console starts in the browser: look, language, the cache of what the server answered, the pages.
import './shell/steady-storage.ts';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refusal } from './api/millrace.ts';
import './design/tokens.css';
import './design/base.css';
import './design/parts.css';
import './shell/shell.css';
import { isPortal } from './api/portal-token.ts';
import { ToastArea } from './design/toasts.tsx';
import { createPages } from './routes.tsx';
import { takeLook } from './shell/look.ts';
import { openPortal } from './shell/portal.ts';
import { sessionQuery } from './shell/session.ts';
import { loadTexts } from './texts/translate.ts';

const RETRIES = 2;

takeLook();
await loadTexts();
// What a link that is over says is said by the page: there is no portal.
await openPortal().catch(() => undefined);

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => void askToSignIn(error) }),
  mutationCache: new MutationCache({ onError: (error) => void askToSignIn(error) }),
  defaultOptions: {
    // What the browser thinks of the network says nothing of a server on this machine.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 2_000,
      retry: (failures, error) => failures < RETRIES && !(error instanceof Refusal && error.status >= 400),
    },
  },
});
const pages = createPages(queries);

/** A session that has ended: the page stays where it is behind the sign-in, and drafts are kept. */
async function askToSignIn(error: unknown): Promise<void> {
  if (!(error instanceof Refusal) || error.status !== 401 || pages.state.location.pathname === '/sign-in')
    return;
  // A wrong password or code is answered alike, and ends no session.
  if ((await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })) !== null) return;
  const { pathname, searchStr } = pages.state.location;
  if (isPortal) return await pages.navigate({ to: '/over' });
  if (isOpen(pathname)) return;
  await pages.navigate({ to: '/sign-in', search: { back: pathname + searchStr } });
}

/** Pages that nobody has to be signed in for. */
function isOpen(pathname: string): boolean {
  return /^\/(sign-in|forgotten|setup|invitation|password)(\/|$)/.test(pathname);
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <ToastArea>
        <RouterProvider router={pages} />
      </ToastArea>
    </QueryClientProvider>
  </StrictMode>,
);
