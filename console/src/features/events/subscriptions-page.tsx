// Where events are sent: to URLs and by mail, each with a test, its deliveries one click away.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { Page } from '../../design/page.tsx';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { SureButton } from '../../design/sure-button.tsx';
import { Table } from '../../design/table.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { type Subscription, subscriptionsQuery } from './event-requests.ts';
import { EventTabs } from './event-tabs.tsx';
import { SubscriptionDialog } from './subscription-dialog.tsx';

export function SubscriptionsPage() {
  const query = useQuery(subscriptionsQuery(useWhere()));
  const [isAdding, setAdding] = useState(false);
  const mayAdd = useMay('event_subscriptions', 'create');
  const button = (
    <button type="button" className="button primary" onClick={() => setAdding(true)}>
      {t('subscriptions.add')}
    </button>
  );
  return (
    <Page
      title={t('room.events')}
      sentence={t('subscriptions.sentence')}
      actions={mayAdd ? button : undefined}
    >
      <EventTabs />
      <Answered query={query}>
        {(subscriptions) =>
          subscriptions.length === 0 ? (
            <Empty title={t('subscriptions.none')}>
              <span className="quiet">{t('subscriptions.noneNext')}</span>
            </Empty>
          ) : (
            <div className="stacked">
              <Table
                columns={[
                  { text: t('events.state') },
                  { text: t('events.type') },
                  { text: t('subscriptions.destination') },
                  { text: t('people.actions'), className: 'number', isUnseen: true },
                ]}
              >
                {subscriptions.map((one) => (
                  <Row key={one.id} subscription={one} />
                ))}
              </Table>
            </div>
          )
        }
      </Answered>
      {isAdding ? <SubscriptionDialog onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}

function Row({ subscription: { id, ...one } }: { subscription: Subscription }) {
  const where = useWhere();
  const { api, account, mode } = where;
  const say = useToast();
  const queries = useQueryClient();
  const mayChange = useMay('event_subscriptions', 'update');
  const mayDelete = useMay('event_subscriptions', 'delete');
  const again = () => queries.invalidateQueries({ queryKey: subscriptionsQuery(where).queryKey });
  const params = { path: { id } };
  const change = useMutation({
    mutationFn: () => read(api.PATCH('/subscriptions/{id}', { params, body: { enabled: !one.enabled } })),
    onSuccess: again,
  });
  const remove = useMutation({
    mutationFn: () => read(api.DELETE('/subscriptions/{id}', { params })),
    onSuccess: again,
  });
  const test = useMutation({
    mutationFn: () => read(api.POST('/subscriptions/{id}/test', { params, body: {} })),
    onSuccess: ({ delivered, status, problem }) =>
      say(delivered ? t('subscriptions.tested', { status: String(status ?? '') }) : (problem ?? '')),
  });
  return (
    <tr>
      <td>
        <StatusMark tone={one.enabled ? 'good' : 'off'}>
          {t(one.enabled ? 'subscriptions.on' : 'subscriptions.off')}
        </StatusMark>
      </td>
      <td className="strong name">{one.event_type}</td>
      <td className="destination">
        <span className="mono">{one.destination}</span>
        {one.description === null ? null : <div className="quiet">{one.description}</div>}
        <Wrong error={change.error ?? remove.error ?? test.error} />
      </td>
      <td>
        <div className="row end-row">
          <Link
            className="button plain"
            to="/$account/$mode/events/deliveries"
            params={{ account, mode }}
            search={{ subscription: id }}
          >
            {t('events.tab.deliveries')}
          </Link>
          {mayChange ? (
            <>
              <button
                type="button"
                className="button plain"
                disabled={test.isPending}
                onClick={() => test.mutate()}
              >
                {t('subscriptions.test')}
              </button>
              <button
                type="button"
                className="button plain"
                disabled={change.isPending}
                onClick={() => change.mutate()}
              >
                {t(one.enabled ? 'triggers.disable' : 'triggers.enable')}
              </button>
            </>
          ) : null}
          {mayDelete ? (
            <SureButton
              text={t('action.delete')}
              sure={t('tokens.deleteSure')}
              onSure={() => remove.mutate()}
            />
          ) : null}
        </div>
      </td>
    </tr>
  );
}
