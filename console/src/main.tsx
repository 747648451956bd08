// Where the console starts in the browser: look, language, the cache of what the server answered, the pages.
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refusal } from './api/millrace.ts';
import './design/tokens.css';
import './design/base.css';
import './design/parts.css';
import './shell/shell.css';
import { ToastArea } from './design/toasts.tsx';
import { createPages } from './routes.tsx';
import { takeLook } from './shell/look.ts';
import { loadTexts } from './texts/translate.ts';

const RETRIES = 2;

takeLook();
await loadTexts();

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: askToSignIn }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => failures < RETRIES && !(error instanceof Refusal && error.status >= 400),
    },
  },
});
const pages = createPages(queries);

/** A session that has ended: the page stays where it is behind the sign-in, and drafts are kept. */
function askToSignIn(error: unknown): void {
  if (!(error instanceof Refusal) || error.status !== 401) return;
  queries.setQueryData(['session'], null);
  const { pathname, searchStr } = pages.state.location;
  if (pathname !== '/sign-in')
    void pages.navigate({ to: '/sign-in', search: { back: pathname + searchStr } });
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
