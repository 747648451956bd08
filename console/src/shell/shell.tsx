// The frame of an account's pages: rooms, account, mode, person. Says loudly when the mode is test. Keys:
// palette and shortcuts are loaded when they are first asked for.
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { loadLazily } from '../design/load-lazily.ts';
import { t } from '../texts/translate.ts';
import { AccountMenu } from './account-menu.tsx';
import { ConnectionBand } from './connection-band.tsx';
import { useRooms } from './rooms.ts';
import { useWhere } from './scope.ts';
import { useShortcuts } from './shortcuts.ts';

const Palette = loadLazily(() => import('./palette.tsx').then((loaded) => loaded.Palette));
const ShortcutList = loadLazily(() => import('./shortcut-list.tsx').then((loaded) => loaded.ShortcutList));

export function Shell() {
  const { account, mode } = useWhere();
  const rooms = useRooms();
  const [open, setOpen] = useState<'palette' | 'shortcuts' | 'rooms' | null>(null);
  const { pathname } = useLocation();
  useShortcuts({ openPalette: () => setOpen('palette'), openShortcuts: () => setOpen('shortcuts') });
  useEffect(() => {
    document.documentElement.dataset.mode = mode;
  }, [mode]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the list of rooms
  useEffect(() => setOpen(null), [pathname]);
  const close = () => setOpen(null);
  return (
    <div className="shell">
      <a className="skip" href="#page">
        {t('shell.skip')}
      </a>
      <header className="side" data-open={open === 'rooms'}>
        <div className="side-head">
          <Link
            to="/$account/$mode"
            params={{ account, mode }}
            className="brand"
            aria-label={t('shell.home')}
          >
            <Mark />
            Millrace
          </Link>
          <button
            type="button"
            className="button plain rooms-button"
            aria-expanded={open === 'rooms'}
            aria-controls="rooms"
            onClick={() => setOpen(open === 'rooms' ? null : 'rooms')}
          >
            {t('shell.rooms')}
          </button>
        </div>
        <button type="button" className="search" onClick={() => setOpen('palette')}>
          {t('shell.search')} <kbd>Ctrl K</kbd>
        </button>
        <nav id="rooms" aria-label={t('shell.rooms')}>
          {rooms.map(({ text, to, group }) => (
            <Link
              key={to}
              to={to}
              params={{ account, mode }}
              className={`room ${group}`}
              activeOptions={{ exact: to === '/$account/$mode', includeSearch: false }}
            >
              {t(text)}
            </Link>
          ))}
        </nav>
        <div className="side-foot">
          <ModeSwitch />
          <AccountMenu onShortcuts={() => setOpen('shortcuts')} />
        </div>
      </header>
      <div className="content">
        <ConnectionBand />
        {mode === 'test' ? (
          <aside className="test-band" aria-label={t('mode.label')}>
            <strong>{t('mode.test')}</strong> {t('mode.testBand')}
          </aside>
        ) : null}
        <main id="page" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        {open === 'palette' ? <Palette onClose={close} /> : null}
        {open === 'shortcuts' ? <ShortcutList onClose={close} /> : null}
      </Suspense>
    </div>
  );
}

/** The same room in the other mode; what is open there has other ids. */
function ModeSwitch() {
  const { account, mode } = useWhere();
  return (
    <fieldset className="modes">
      <legend className="unseen">{t('mode.label')}</legend>
      {(['live', 'test'] as const).map((one) => (
        <Link
          key={one}
          to="/$account/$mode"
          params={{ account, mode: one }}
          activeOptions={{ exact: false }}
          aria-current={one === mode ? 'true' : undefined}
        >
          {t(`mode.${one}`)}
        </Link>
      ))}
    </fieldset>
  );
}

function Mark() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <circle
        cx="8"
        cy="8"
        r="5.5"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="2.5"
        strokeDasharray="26 9"
        transform="rotate(-130 8 8)"
      />
    </svg>
  );
}
