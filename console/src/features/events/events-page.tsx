// What happened in the account: events as they come, by type and state; each opens with what it started.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { When } from '../../design/moment.tsx';
import { MoreButton } from '../../design/more-button.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { eventsQuery, eventTypesQuery } from './event-requests.ts';
import { EVENT_STATES, readEventSearch } from './event-search.ts';
import { EventStatus } from './event-status.tsx';
import { EventTabs } from './event-tabs.tsx';
import { PublishDialog } from './publish-dialog.tsx';

const HERE = '/$account/$mode/events';

export function EventsPage() {
  const where = useWhere();
  const { account, mode } = where;
  const search = useSearch({ from: HERE });
  const query = useInfiniteQuery(eventsQuery(where, search));
  const [isPublishing, setPublishing] = useState(false);
  const mayPublish = useMay('events', 'create');
  const button = (
    <button type="button" className="button primary" onClick={() => setPublishing(true)}>
      {t('events.publish')}
    </button>
  );
  return (
    <Page title={t('room.events')} sentence={t('events.sentence')} actions={mayPublish ? button : undefined}>
      <EventTabs />
      <EventFilter />
      <Answered query={query}>
        {({ pages }) => {
          const events = pages.flatMap(({ data }) => data);
          return events.length === 0 ? (
            <Empty title={t('events.none')}>
              <span className="quiet">{t('events.noneNext')}</span>
            </Empty>
          ) : (
            <Table
              isLinked
              columns={[
                { text: t('events.state') },
                { text: t('events.type') },
                { text: t('events.item') },
                { text: t('events.id'), className: 'wide-only' },
                { text: t('events.happened'), className: 'number' },
              ]}
            >
              {events.map((event) => (
                <tr key={event.id}>
                  <td>
                    <Link
                      data-row
                      className="row-link"
                      to="/$account/$mode/events/one/$event"
                      params={{ account, mode, event: event.id }}
                    >
                      <EventStatus state={event.state} />
                    </Link>
                  </td>
                  <td className="strong name">{event.type}</td>
                  <td className="name mono">{event.item_id}</td>
                  <td className="name mono quiet wide-only">{event.id}</td>
                  <td className="number nowrap">
                    <When at={event.date} />
                  </td>
                </tr>
              ))}
            </Table>
          );
        }}
      </Answered>
      <MoreButton query={query} />
      {isPublishing ? <PublishDialog onClose={() => setPublishing(false)} /> : null}
    </Page>
  );
}

function EventFilter() {
  const { type = '', state = '' } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const types = useQuery(eventTypesQuery(useWhere()));
  const go = (to: { type: string; state: string }) => void navigate({ search: readEventSearch(to) });
  return (
    <search className="filter">
      <input
        data-filter
        className="input mono typed"
        list="event-types"
        aria-label={t('events.filter')}
        placeholder={t('events.filter')}
        defaultValue={type}
        key={type}
        onBlur={({ target }) => target.value !== type && go({ type: target.value.trim(), state })}
        onKeyDown={(event) => event.key === 'Enter' && go({ type: event.currentTarget.value.trim(), state })}
      />
      <datalist id="event-types">
        {types.data?.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <select
        className="input"
        aria-label={t('events.state')}
        value={state}
        onChange={({ target }) => go({ type, state: target.value })}
      >
        <option value="">{t('events.everyState')}</option>
        {EVENT_STATES.map((one) => (
          <option key={one} value={one}>
            {t(`events.state.${one}`)}
          </option>
        ))}
      </select>
    </search>
  );
}
