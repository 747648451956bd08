// The parts of the room of sources as tabs. Called by their pages.
import { Link } from '@tanstack/react-router';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import './sources.css';

const TABS = [
  { to: '/$account/$mode/sources', text: 'sources.tab.flows' },
  { to: '/$account/$mode/sources/templates', text: 'sources.tab.templates' },
  { to: '/$account/$mode/sources/queries', text: 'sources.tab.queries' },
] as const;

export function SourceTabs() {
  const { account, mode } = useWhere();
  return (
    <nav className="tabs source-tabs" aria-label={t('sources.tabs')}>
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
