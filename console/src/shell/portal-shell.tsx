// The frame of a portal's pages, inside another product: what its features name and nothing else, the
// product's logo, the way back. No account menu, no palette: nobody leaves the portal by it.
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { t } from '../texts/translate.ts';
import { ConnectionBand } from './connection-band.tsx';
import { functionsOf, isShown, showsFunctions } from './portal.ts';
import { applyTheme, ownFile } from './portal-theme.ts';
import { useWhere } from './scope.ts';
import { firstPage, usePortal } from './shown.ts';
import './portal.css';

export function PortalShell() {
  const { account, mode, api, key } = useWhere();
  const portal = usePortal();
  useEffect(() => {
    document.documentElement.dataset.mode = mode;
    if (portal !== null) void applyTheme(portal);
  }, [mode, portal]);
  const only = portal === null ? [] : functionsOf(portal);
  const names = useQuery({
    queryKey: [...key, 'portal-names', only],
    enabled: only.length > 0,
    queryFn: () => namesOf(api, only),
  });
  if (portal === null) return null;
  const logo = ownFile(portal.theme.logo, portal.frame_ancestors);
  const params = { account, mode };
  return (
    <div className="portal">
      <a className="skip" href="#page">
        {t('shell.skip')}
      </a>
      <header className="portal-head">
        {logo === null ? null : <img className="portal-logo" src={logo} alt="" />}
        <nav aria-label={t('shell.rooms')} className="tabs">
          {showsFunctions(portal) ? (
            <Link to="/$account/$mode/functions" params={params}>
              {t('room.functions')}
            </Link>
          ) : null}
          {isShown(portal, 'runs', null) ? (
            <Link to="/$account/$mode/runs" params={params}>
              {t('room.runs')}
            </Link>
          ) : null}
          {only.map((id) => (
            <Link key={id} to={firstPage(portal, id)} params={{ ...params, id }} activeProps={{}}>
              {names.data?.get(id) ?? id}
            </Link>
          ))}
        </nav>
        {portal.return_url === null ? null : (
          <a className="button" href={portal.return_url} target="_top">
            {t('portal.back')}
          </a>
        )}
      </header>
      {mode === 'test' ? (
        <aside className="test-band" aria-label={t('mode.label')}>
          <strong>{t('mode.test')}</strong> {t('mode.testBand')}
        </aside>
      ) : null}
      <ConnectionBand />
      <main id="page" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

async function namesOf(api: ReturnType<typeof useWhere>['api'], ids: readonly string[]) {
  const found = await Promise.all(
    ids.map(async (id) => (await api.GET('/functions/{id}', { params: { path: { id } } })).data),
  );
  return new Map(found.flatMap((fn) => (fn === undefined ? [] : [[fn.id, fn.name]])));
}
