// What every page of one function has: its name, whether it is well, its parts as tabs.
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { Page } from '../../design/page.tsx';
import { Answered } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { type TextKey, t } from '../../texts/translate.ts';
import { functionQuery } from './function-requests.ts';
import { FunctionStatus } from './function-status.tsx';
import './functions.css';

const BASE = '/$account/$mode/functions/$id';
const TABS = [
  { to: BASE, text: 'function.code' },
  { to: `${BASE}/triggers`, text: 'function.triggers' },
  { to: `${BASE}/runs`, text: 'function.runs' },
  { to: `${BASE}/numbers`, text: 'function.numbers' },
  { to: `${BASE}/variables`, text: 'function.variables' },
  { to: `${BASE}/versions`, text: 'function.versions' },
  { to: `${BASE}/settings`, text: 'function.settings' },
] as const satisfies readonly { to: string; text: TextKey }[];

export function FunctionFrame() {
  const { account, mode, id } = useParams({ from: BASE });
  const query = useQuery(functionQuery(useWhere(), id));
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
          <nav className="tabs function-tabs" aria-label={t('function.parts')}>
            {TABS.map(({ to, text }) => (
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
