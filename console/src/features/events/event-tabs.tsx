// The parts of the room of events as tabs. Called by their pages.
import { Link } from '@tanstack/react-router';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import './events.css';

const TABS = [
  { to: '/$account/$mode/events', text: 'events.tab.stream' },
  { to: '/$account/$mode/events/types', text: 'events.tab.types' },
  { to: '/$account/$mode/events/subscriptions', text: 'events.tab.subscriptions' },
  { to: '/$account/$mode/events/deliveries', text: 'events.tab.deliveries' },
] as const;

export function EventTabs() {
  const { account, mode } = useWhere();
  return (
    <nav className="tabs room-tabs" aria-label={t('events.tabs')}>
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
