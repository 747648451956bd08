// The lists of what happened, as tabs: every run, errors in groups, dead letters. Called by their pages.
import { Link } from '@tanstack/react-router';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';

const TABS = [
  { to: '/$account/$mode/runs', text: 'runs.tab.all' },
  { to: '/$account/$mode/runs/errors', text: 'runs.tab.errors' },
  { to: '/$account/$mode/runs/dead-letters', text: 'runs.tab.dead' },
] as const;

export function RunTabs() {
  const { account, mode } = useWhere();
  return (
    <nav className="tabs run-tabs" aria-label={t('runs.tabs')}>
      {TABS.map(({ to, text }) => (
        <Link
          key={to}
          to={to}
          params={{ account, mode }}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {t(text)}
        </Link>
      ))}
    </nav>
  );
}
