// What every page of one function has: its name, whether it is well, its parts as tabs.
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Page } from '../../design/page.tsx';
import { Answered } from '../../design/states.tsx';
import type { Feature } from '../../shell/portal.ts';
import { useWhere } from '../../shell/scope.ts';
import { useShown } from '../../shell/shown.ts';
import { type TextKey, t } from '../../texts/translate.ts';
import { functionQuery } from './function-requests.ts';
import { FunctionStatus } from './function-status.tsx';
import './functions.css';

const BASE = '/$account/$mode/functions/$id';
/** `feature`: of a portal that shows it; null: none does. */
const TABS = [
  { to: BASE, text: 'function.code', feature: 'code' },
  { to: `${BASE}/triggers`, text: 'function.triggers', feature: null },
  { to: `${BASE}/runs`, text: 'function.runs', feature: 'runs' },
  { to: `${BASE}/numbers`, text: 'function.numbers', feature: null },
  { to: `${BASE}/variables`, text: 'function.variables', feature: 'variables' },
  { to: `${BASE}/packages`, text: 'function.packages', feature: 'code' },
  { to: `${BASE}/versions`, text: 'function.versions', feature: 'code' },
  { to: `${BASE}/settings`, text: 'function.settings', feature: 'settings' },
] as const satisfies readonly { to: string; text: TextKey; feature: Feature | null }[];

export function FunctionFrame() {
  const { account, mode, id } = useParams({ from: BASE });
  const query = useQuery(functionQuery(useWhere(), id));
  const shows = useShown(id);
  const tabs = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On a narrow window they scroll: the chosen one is seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another tab
  useEffect(() => {
    tabs.current
      ?.querySelector('[aria-current="page"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname, query.isSuccess]);
  return (
    <Answered isPage query={query} lines={3}>
      {({ data: fn }) => (
        <Page
          title={fn.name}
          whole
          heading={
            <span className="row">
              {fn.name}
              <small className="head-state">
                <FunctionStatus fn={fn} />
              </small>
            </span>
          }
          sentence={
            <>
              {fn.description ? `${fn.description} · ` : ''}
              <span className="mono">
                {t('function.version', { version: String(fn.version) })} · {fn.runtime}
              </span>
            </>
          }
        >
          <nav ref={tabs} className="tabs function-tabs" aria-label={t('function.parts')}>
            {TABS.filter(({ feature }) => shows(feature)).map(({ to, text }) => (
              <Link
                key={to}
                to={to}
                params={{ account, mode, id }}
                activeOptions={{ exact: true, includeSearch: false }}
              >
                {t(text)}
              </Link>
            ))}
          </nav>
          <Outlet />
        </Page>
      )}
    </Answered>
  );
}
