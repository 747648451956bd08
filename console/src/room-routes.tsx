// Addresses of an account's rooms: what happened (runs, errors, events), what is to come, what functions
// share and come of, and the operator's. Called by routes.tsx, which has the others.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tryTo } from './design/load-lazily.ts';
import { readCallSearch } from './features/calls/call-search.ts';
import { readDeliverySearch, readEventSearch } from './features/events/event-search.ts';
import { readRange } from './features/numbers/ranges.ts';
import { readAccountSearch } from './features/operator/account-search.ts';
import { readDeadSearch } from './features/runs/dead-search.ts';
import { readErrorSearch } from './features/runs/error-ranges.ts';
import { readMonth } from './features/usage/usage-search.ts';
import type { AccountRoute } from './routes.tsx';

export function roomRoutesUnder(parent: AccountRoute) {
  const compare = createRoute({
    getParentRoute: () => parent,
    path: '/runs/$run/compare/$other',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/runs/compare-page.tsx')),
      'ComparePage',
    ),
  });

  const errors = createRoute({
    getParentRoute: () => parent,
    path: '/runs/errors',
    validateSearch: readErrorSearch,
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/runs/error-groups-page.tsx')),
      'ErrorGroupsPage',
    ),
  });

  const errorGroup = createRoute({
    getParentRoute: () => parent,
    path: '/runs/errors/$group',
    validateSearch: readErrorSearch,
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/runs/error-group-page.tsx')),
      'ErrorGroupPage',
    ),
  });

  const deadLetters = createRoute({
    getParentRoute: () => parent,
    path: '/runs/dead-letters',
    validateSearch: readDeadSearch,
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/runs/dead-letters-page.tsx')),
      'DeadLettersPage',
    ),
  });

  const events = createRoute({
    getParentRoute: () => parent,
    path: '/events',
    validateSearch: readEventSearch,
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/events/events-page.tsx')),
      'EventsPage',
    ),
  });

  const event = createRoute({
    getParentRoute: () => parent,
    path: '/events/one/$event',
    component: lazyRouteComponent(() => tryTo(() => import('./features/events/event-page.tsx')), 'EventPage'),
  });

  const eventTypes = createRoute({
    getParentRoute: () => parent,
    path: '/events/types',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/events/event-types-page.tsx')),
      'EventTypesPage',
    ),
  });

  const subscriptions = createRoute({
    getParentRoute: () => parent,
    path: '/events/subscriptions',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/events/subscriptions-page.tsx')),
      'SubscriptionsPage',
    ),
  });

  const deliveries = createRoute({
    getParentRoute: () => parent,
    path: '/events/deliveries',
    validateSearch: readDeliverySearch,
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/events/deliveries-page.tsx')),
      'DeliveriesPage',
    ),
  });

  const schedules = createRoute({
    getParentRoute: () => parent,
    path: '/schedules',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/schedules/schedules-page.tsx')),
      'SchedulesPage',
    ),
  });

  const values = createRoute({
    getParentRoute: () => parent,
    path: '/values',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/values/values-page.tsx')),
      'ValuesPage',
    ),
  });

  const usage = createRoute({
    getParentRoute: () => parent,
    path: '/usage',
    validateSearch: readMonth,
    component: lazyRouteComponent(() => tryTo(() => import('./features/usage/usage-page.tsx')), 'UsagePage'),
  });

  const calls = createRoute({
    getParentRoute: () => parent,
    path: '/calls',
    validateSearch: readCallSearch,
    component: lazyRouteComponent(() => tryTo(() => import('./features/calls/calls-page.tsx')), 'CallsPage'),
  });

  const sites = createRoute({
    getParentRoute: () => parent,
    path: '/sites',
    component: lazyRouteComponent(() => tryTo(() => import('./features/sites/sites-page.tsx')), 'SitesPage'),
  });

  const accountSettings = createRoute({
    getParentRoute: () => parent,
    path: '/settings',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/account/account-settings-page.tsx')),
      'AccountSettingsPage',
    ),
  });

  const flows = createRoute({
    getParentRoute: () => parent,
    path: '/sources',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/sources/flows-page.tsx')),
      'FlowsPage',
    ),
  });

  const flow = createRoute({
    getParentRoute: () => parent,
    path: '/sources/flows/$id',
    validateSearch: (search): { run?: string } => (typeof search.run === 'string' ? { run: search.run } : {}),
    component: lazyRouteComponent(() => tryTo(() => import('./features/sources/flow-page.tsx')), 'FlowPage'),
  });

  const templates = createRoute({
    getParentRoute: () => parent,
    path: '/sources/templates',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/sources/templates-page.tsx')),
      'TemplatesPage',
    ),
  });

  const template = createRoute({
    getParentRoute: () => parent,
    path: '/sources/templates/$id',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/sources/template-page.tsx')),
      'TemplatePage',
    ),
  });

  const queries = createRoute({
    getParentRoute: () => parent,
    path: '/sources/queries',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/sources/queries-page.tsx')),
      'QueriesPage',
    ),
  });

  const accounts = createRoute({
    getParentRoute: () => parent,
    path: '/operator/accounts',
    validateSearch: readAccountSearch,
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/operator/accounts-page.tsx')),
      'AccountsPage',
    ),
  });

  const operatedAccount = createRoute({
    getParentRoute: () => parent,
    path: '/operator/accounts/$id',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/operator/account-page.tsx')),
      'AccountPage',
    ),
  });

  const platform = createRoute({
    getParentRoute: () => parent,
    path: '/operator/platform',
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/operator/platform-page.tsx')),
      'PlatformPage',
    ),
  });

  const accountNumbers = createRoute({
    getParentRoute: () => parent,
    path: '/numbers',
    validateSearch: readRange,
    component: lazyRouteComponent(
      () => tryTo(() => import('./features/numbers/account-numbers-page.tsx')),
      'AccountNumbersPage',
    ),
  });
  return [
    compare,
    errors,
    errorGroup,
    deadLetters,
    events,
    event,
    eventTypes,
    subscriptions,
    deliveries,
    schedules,
    values,
    usage,
    calls,
    sites,
    accountSettings,
    flows,
    flow,
    templates,
    template,
    queries,
    accounts,
    operatedAccount,
    platform,
    accountNumbers,
  ] as const;
}
