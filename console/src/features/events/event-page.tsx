// One event: what it says, whether it was routed, and the runs that it started.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { read } from '../../api/millrace.ts';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { type TextKey, t } from '../../texts/translate.ts';
import { eventQuery } from './event-requests.ts';
import { EventStatus } from './event-status.tsx';
import './events.css';

export function EventPage() {
  const { event: id } = useParams({ from: '/$account/$mode/events/one/$event' });
  const where = useWhere();
  const { api, account, mode } = where;
  const query = useQuery(eventQuery(where, id));
  const queries = useQueryClient();
  const mayRoute = useMay('events', 'create');
  const route = useMutation({
    mutationFn: () => read(api.POST('/events/{id}/route', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...where.key, 'events'] }),
  });
  return (
    <Answered isPage query={query}>
      {(event) => (
        <Page
          title={event.type}
          heading={
            <>
              {event.type} <EventStatus state={event.state} />
            </>
          }
          sentence={
            <>
              {t('events.of')} {event.item_type} <span className="mono">{event.item_id}</span>,{' '}
              <When at={event.date} /> · <span className="mono">{event.id}</span>
            </>
          }
        >
          {event.fault === null ? null : (
            <div className="notice warn">
              <span>{event.fault}</span>
              {mayRoute && event.state === 'set_aside' ? (
                <button
                  type="button"
                  className="button"
                  disabled={route.isPending}
                  onClick={() => route.mutate()}
                >
                  {t('events.route')}
                </button>
              ) : null}
            </div>
          )}
          <Wrong error={route.error} />
          <section className="event-part">
            <h2>{t('events.started')}</h2>
            {event.runs.length === 0 ? (
              <p className="quiet">{t('events.startedNone')}</p>
            ) : (
              <Table
                isLinked
                columns={[
                  { text: t('runs.status') },
                  { text: t('run.id') },
                  { text: t('events.notation'), className: 'wide-only' },
                ]}
              >
                {event.runs.map((run) => (
                  <tr key={run.id}>
                    <td>
                      <Link
                        data-row
                        className="row-link"
                        to="/$account/$mode/runs/$run"
                        params={{ account, mode, run: run.id }}
                      >
                        <StatusMark tone={toneOf(run.status)}>
                          {t(`status.${run.status}` as TextKey)}
                        </StatusMark>
                      </Link>
                    </td>
                    <td className="mono name">{run.id}</td>
                    <td className="quiet wide-only">{run.notation}</td>
                  </tr>
                ))}
              </Table>
            )}
          </section>
          <section className="event-part">
            <h2>{t('events.data')}</h2>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
            <pre className="code wrap" tabIndex={0}>
              {JSON.stringify(event.data, null, 2)}
            </pre>
          </section>
        </Page>
      )}
    </Answered>
  );
}

function toneOf(status: string) {
  if (status === 'succeeded') return 'good';
  if (status === 'running') return 'active';
  if (status === 'queued') return 'wait';
  return status === 'cancelled' ? 'off' : 'bad';
}
