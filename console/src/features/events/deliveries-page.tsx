// Events on their way to those who subscribed: what came of each, and once more on demand.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { read } from '../../api/millrace.ts';
import { When } from '../../design/moment.tsx';
import { MoreButton } from '../../design/more-button.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { deliveriesQuery, subscriptionsQuery } from './event-requests.ts';
import { DELIVERY_STATUSES, readDeliverySearch } from './event-search.ts';
import { DeliveryStatus } from './event-status.tsx';
import { EventTabs } from './event-tabs.tsx';

const HERE = '/$account/$mode/events/deliveries';

export function DeliveriesPage() {
  const where = useWhere();
  const { api, account, mode } = where;
  const query = useInfiniteQuery(deliveriesQuery(where, useSearch({ from: HERE })));
  const subscriptions = useQuery(subscriptionsQuery(where));
  const destinations = new Map(subscriptions.data?.map((one) => [one.id, one.destination]));
  const queries = useQueryClient();
  const mayRetry = useMay('event_subscriptions', 'update');
  const retry = useMutation({
    mutationFn: (id: string) => read(api.POST('/deliveries/{id}/retry', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...where.key, 'events', 'deliveries'] }),
  });
  return (
    <Page title={t('room.events')} sentence={t('deliveries.sentence')}>
      <EventTabs />
      <DeliveryFilter destinations={destinations} />
      <Wrong error={retry.error} />
      <Answered query={query}>
        {({ pages }) => {
          const deliveries = pages.flatMap(({ data }) => data);
          if (deliveries.length === 0) return <Empty title={t('deliveries.none')} />;
          return (
            <div className="stacked">
              <Table
                columns={[
                  { text: t('runs.status') },
                  { text: t('events.type') },
                  { text: t('subscriptions.destination'), className: 'wide-only' },
                  { text: t('deliveries.tries'), className: 'number wide-only' },
                  { text: t('deliveries.last'), className: 'number wide-only' },
                  { text: t('people.actions'), className: 'number', isUnseen: true },
                ]}
              >
                {deliveries.map((one) => (
                  <tr key={one.id}>
                    <td className="nowrap">
                      <DeliveryStatus status={one.status} />
                    </td>
                    <td className="name">
                      <Link
                        to="/$account/$mode/events/one/$event"
                        params={{ account, mode, event: one.event_id }}
                      >
                        {one.event_type}
                      </Link>
                      {one.problem === null ? null : <div className="quiet wraps">{one.problem}</div>}
                    </td>
                    <td className="name mono quiet wide-only">
                      {destinations.get(one.subscription_id) ?? one.subscription_id}
                    </td>
                    <td className="number wide-only">{one.attempts}</td>
                    <td className="number nowrap wide-only">
                      <When at={one.last_attempt_at} />
                    </td>
                    <td className="number">
                      {mayRetry && one.status !== 'queued' ? (
                        <button
                          type="button"
                          className="button plain"
                          disabled={retry.isPending}
                          onClick={() => retry.mutate(one.id)}
                        >
                          {t('deliveries.again')}
                        </button>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </Table>
            </div>
          );
        }}
      </Answered>
      <MoreButton query={query} />
    </Page>
  );
}

function DeliveryFilter({ destinations }: { destinations: ReadonlyMap<string, string> }) {
  const { subscription = '', status = '' } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const go = (to: { subscription: string; status: string }) =>
    void navigate({ search: readDeliverySearch(to) });
  return (
    <div className="filter">
      <select
        data-filter
        className="input"
        aria-label={t('subscriptions.destination')}
        value={subscription}
        onChange={({ target }) => go({ subscription: target.value, status })}
      >
        <option value="">{t('deliveries.everywhere')}</option>
        {[...destinations].map(([id, destination]) => (
          <option key={id} value={id}>
            {destination}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('runs.status')}
        value={status}
        onChange={({ target }) => go({ subscription, status: target.value })}
      >
        <option value="">{t('runs.everyStatus')}</option>
        {DELIVERY_STATUSES.map((one) => (
          <option key={one} value={one}>
            {t(`deliveries.status.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
