// Every address of the console, and which screen it shows; screens load when they are first opened. A page of
// an account is below /<account>/<mode>. Read by main.tsx alone: features know addresses, not each other.
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { isPortal } from './api/portal-token.ts';
import { tryTo } from './design/load-lazily.ts';
import { readAction } from './features/audit/audit-actions.ts';
import { readRange } from './features/numbers/ranges.ts';
import { readRunSearch } from './features/runs/run-search.ts';
import { roomRoutesUnder } from './room-routes.tsx';
import { Broken } from './shell/broken.tsx';
import { Missing } from './shell/missing.tsx';
import { functionsOf, isShown, type Portal, showsFunctions } from './shell/portal.ts';
import { Root } from './shell/root.tsx';
import { sessionQuery } from './shell/session.ts';
import { Shell } from './shell/shell.tsx';
import { firstPage } from './shell/shown.ts';

/** Of loading a screen: a network may change for a moment. */
const TRIES = 4;

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Root,
  notFoundComponent: Missing,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { back?: string } =>
    typeof search.back === 'string' && search.back.startsWith('/') ? { back: search.back } : {},
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/sign-in/sign-in-page.tsx'), TRIES),
    'SignInPage',
  ),
});

const forgotten = createRoute({
  getParentRoute: () => root,
  path: '/forgotten',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/sign-in/forgotten-page.tsx'), TRIES),
    'ForgottenPage',
  ),
});

const over = createRoute({
  getParentRoute: () => root,
  path: '/over',
  component: lazyRouteComponent(() => tryTo(() => import('./shell/portal-over.tsx'), TRIES), 'PortalOver'),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/sign-in/set-up-page.tsx'), TRIES),
    'SetUpPage',
  ),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/sign-in/link-pages.tsx'), TRIES),
    'InvitationPage',
  ),
});

const password = createRoute({
  getParentRoute: () => root,
  path: '/password',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/sign-in/link-pages.tsx'), TRIES),
    'PasswordPage',
  ),
});

const device = createRoute({
  getParentRoute: () => root,
  path: '/device',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/sign-in', search: { back: location.href } });
  },
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/sign-in/device-page.tsx'), TRIES),
    'DevicePage',
  ),
});

/** The first page: of the account that was open here last, or the first one. */
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: isPortal ? '/over' : '/sign-in' });
    if (session.portal !== null) throw redirect(firstOf(session.portal));
    const accounts = session.accounts.map((one) => one.account_id);
    const last = localStorage.getItem('millrace.account') ?? '';
    const account = accounts.includes(last) ? last : (accounts[0] ?? '');
    throw redirect({ to: '/$account/$mode', params: { account, mode: 'live' } });
  },
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/$account/$mode',
  beforeLoad: async ({ context, location, params }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session === null && isPortal) throw redirect({ to: '/over' });
    if (session === null) throw redirect({ to: '/sign-in', search: { back: location.href } });
    localStorage.setItem('millrace.account', params.account);
  },
  component: isPortal
    ? lazyRouteComponent(() => tryTo(() => import('./shell/portal-shell.tsx'), TRIES), 'PortalShell')
    : Shell,
});

/** The first page of what a portal shows. */
function firstOf(portal: Portal) {
  const params = { account: portal.account_id, mode: portal.mode };
  if (showsFunctions(portal)) return { to: '/$account/$mode/functions', params } as const;
  if (isShown(portal, 'runs', null)) return { to: '/$account/$mode/runs', params } as const;
  const [id = ''] = functionsOf(portal);
  return { to: firstPage(portal, id), params: { ...params, id } } as const;
}

const overview = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/overview/overview-page.tsx'), TRIES),
    'OverviewPage',
  ),
});

const functions = createRoute({
  getParentRoute: () => account,
  path: '/functions',
  validateSearch: (search): { name?: string; new?: boolean } => ({
    ...(typeof search.name === 'string' ? { name: search.name } : {}),
    ...(search.new === true ? { new: true } : {}),
  }),
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/functions/functions-page.tsx'), TRIES),
    'FunctionsPage',
  ),
});

const moving = createRoute({
  getParentRoute: () => account,
  path: '/functions/import',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/moving/moving-page.tsx'), TRIES),
    'MovingPage',
  ),
});

const oneFunction = createRoute({
  getParentRoute: () => account,
  path: '/functions/$id',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/functions/function-frame.tsx'), TRIES),
    'FunctionFrame',
  ),
});

const code = createRoute({
  getParentRoute: () => oneFunction,
  path: '/',
  validateSearch: (search): { run?: string; line?: number; file?: string } => ({
    ...(typeof search.run === 'string' ? { run: search.run } : {}),
    ...(typeof search.line === 'number' ? { line: search.line } : {}),
    ...(typeof search.file === 'string' ? { file: search.file } : {}),
  }),
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/functions/code/code-page.tsx'), TRIES),
    'CodePage',
  ),
});

const functionRuns = createRoute({
  getParentRoute: () => oneFunction,
  path: '/runs',
  validateSearch: readRunSearch,
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/runs/function-runs-page.tsx'), TRIES),
    'FunctionRunsPage',
  ),
});

const triggers = createRoute({
  getParentRoute: () => oneFunction,
  path: '/triggers',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/triggers/triggers-page.tsx'), TRIES),
    'TriggersPage',
  ),
});

const variables = createRoute({
  getParentRoute: () => oneFunction,
  path: '/variables',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/variables/variables-page.tsx'), TRIES),
    'VariablesPage',
  ),
});

const packages = createRoute({
  getParentRoute: () => oneFunction,
  path: '/packages',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/packages/packages-page.tsx'), TRIES),
    'PackagesPage',
  ),
});

const versions = createRoute({
  getParentRoute: () => oneFunction,
  path: '/versions',
  validateSearch: (search): { show?: number } =>
    typeof search.show === 'number' ? { show: search.show } : {},
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/versions/versions-page.tsx'), TRIES),
    'VersionsPage',
  ),
});

const numbers = createRoute({
  getParentRoute: () => oneFunction,
  path: '/numbers',
  validateSearch: readRange,
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/numbers/numbers-page.tsx'), TRIES),
    'NumbersPage',
  ),
});

const functionSettings = createRoute({
  getParentRoute: () => oneFunction,
  path: '/settings',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/settings/settings-page.tsx'), TRIES),
    'FunctionSettingsPage',
  ),
});

const runs = createRoute({
  getParentRoute: () => account,
  path: '/runs',
  validateSearch: readRunSearch,
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/runs/runs-page.tsx'), TRIES),
    'RunsPage',
  ),
});

const run = createRoute({
  getParentRoute: () => account,
  path: '/runs/$run',
  validateSearch: (search): { tab?: string } => (typeof search.tab === 'string' ? { tab: search.tab } : {}),
  component: lazyRouteComponent(() => tryTo(() => import('./features/runs/run-page.tsx'), TRIES), 'RunPage'),
});

const people = createRoute({
  getParentRoute: () => account,
  path: '/people',
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/people/people-page.tsx'), TRIES),
    'PeoplePage',
  ),
});

const audit = createRoute({
  getParentRoute: () => account,
  path: '/audit',
  validateSearch: readAction,
  component: lazyRouteComponent(
    () => tryTo(() => import('./features/audit/audit-page.tsx'), TRIES),
    'AuditPage',
  ),
});

const you = createRoute({
  getParentRoute: () => account,
  path: '/you',
  component: lazyRouteComponent(() => tryTo(() => import('./features/you/you-page.tsx'), TRIES), 'YouPage'),
});

export type AccountRoute = typeof account;

const tree = root.addChildren([
  home,
  signIn,
  over,
  forgotten,
  setUp,
  invitation,
  password,
  device,
  account.addChildren([
    overview,
    functions,
    moving,
    oneFunction.addChildren([
      code,
      triggers,
      functionRuns,
      numbers,
      variables,
      packages,
      versions,
      functionSettings,
    ]),
    runs,
    run,
    ...roomRoutesUnder(account),
    people,
    audit,
    you,
  ]),
]);

export function createPages(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    // Inside another product all addresses are below one that may be framed.
    basepath: isPortal ? '/portal' : '/',
    defaultPreload: 'intent',
    defaultErrorComponent: Broken,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
