// Is everything all right? The heading answers; below it what needs a look, the last day, the latest runs.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { absolute, tookText, When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type Day, dayQuery, type Hour, latestQuery, namesQuery } from './overview-requests.ts';
import './overview.css';

const BAD = 'bad';

export function OverviewPage() {
  const where = useWhere();
  const day = useQuery(dayQuery(where));
  const functions = useQuery(namesQuery(where));
  const names = new Map((functions.data?.data ?? []).map((one) => [one.id, one.name]));
  const stopped = (functions.data?.data ?? []).filter((one) => !one.enabled && one.disabled_reason !== null);
  return (
    <Answered isPage query={day}>
      {(data) => {
        const looks = data.troubles.length + stopped.length;
        return (
          <Page
            title={t('room.overview')}
            heading={looks === 0 ? t('overview.well') : t('overview.looks', { count: looks })}
            sentence={t('overview.day', { count: data.total, bad: data.bad })}
          >
            {functions.data?.data.length === 0 ? <First /> : null}
            <Troubles day={data} names={names} stopped={stopped} />
            <section className="overview-part">
              <h2>{t('overview.hours')}</h2>
              <Hours hours={data.hours} />
            </section>
            <Latest names={names} />
          </Page>
        );
      }}
    </Answered>
  );
}

function First() {
  const { account, mode } = useWhere();
  return (
    <Empty title={t('overview.first')}>
      <span className="quiet">{t('overview.firstNext')}</span>
      <Link
        className="button primary"
        to="/$account/$mode/functions"
        params={{ account, mode }}
        search={{ new: true }}
      >
        {t('functions.new')}
      </Link>
    </Empty>
  );
}

type TroublesProps = {
  day: Day;
  names: ReadonlyMap<string, string>;
  stopped: readonly { id: string; name: string; disabled_reason: string | null }[];
};

function Troubles({ day, names, stopped }: TroublesProps) {
  const { account, mode } = useWhere();
  return (
    <ul className="troubles">
      {stopped.map((one) => (
        <li key={one.id}>
          <StatusMark tone="bad">{t('functions.disabled')}</StatusMark>
          <Link className="strong" to="/$account/$mode/functions/$id" params={{ account, mode, id: one.id }}>
            {one.name}
          </Link>
          <span className="quiet">{one.disabled_reason}</span>
        </li>
      ))}
      {day.troubles.map(({ functionId, bad, total }) => (
        <li key={functionId}>
          <StatusMark tone={bad === total ? 'bad' : 'warn'}>{t('overview.failing')}</StatusMark>
          <Link
            className="strong"
            to="/$account/$mode/functions/$id"
            params={{ account, mode, id: functionId }}
          >
            {names.get(functionId) ?? functionId}
          </Link>
          <span className="quiet">{t('overview.failed', { bad, count: total })}</span>
          <Link
            className="button"
            to="/$account/$mode/runs"
            params={{ account, mode }}
            search={{ q: `status:${BAD} fn:${functionId} since:24h` }}
          >
            {t('overview.open')}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Hours({ hours }: { hours: readonly Hour[] }) {
  const { account, mode } = useWhere();
  const most = Math.max(...hours.map((hour) => hour.total), 1);
  return (
    <ol className="hours" aria-label={t('overview.hours')}>
      {hours.map(({ at, total, bad }) => (
        <li
          key={at}
          title={t('overview.hour', { at: absolute(new Date(at)), count: total, bad })}
          data-account={`${account}/${mode}`}
        >
          <span className="unseen">
            {t('overview.hour', { at: absolute(new Date(at)), count: total, bad })}
          </span>
          <i style={{ height: `${(100 * total) / most}%` }}>
            <b style={{ height: total === 0 ? 0 : `${(100 * bad) / total}%` }} />
          </i>
        </li>
      ))}
    </ol>
  );
}

function Latest({ names }: { names: ReadonlyMap<string, string> }) {
  const where = useWhere();
  const { account, mode } = where;
  const query = useQuery(latestQuery(where));
  return (
    <section className="overview-part">
      <h2>{t('overview.latest')}</h2>
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="quiet">{t('overview.noRuns')}</p>
          ) : (
            <div className="table-wrap">
              <table className="table linked">
                <tbody>
                  {data.map((run) => (
                    <tr key={run.id}>
                      <td>
                        <Link
                          data-row
                          className="row-link"
                          to="/$account/$mode/runs/$run"
                          params={{ account, mode, run: run.id }}
                        >
                          <StatusMark tone={toneOf(run.status)}>{t(`status.${run.status}`)}</StatusMark>
                        </Link>
                      </td>
                      <td className="strong name">{names.get(run.function_id) ?? ''}</td>
                      <td className="cut quiet wide-only">{run.error?.message}</td>
                      <td className="number mono wide-only">{tookText(run.duration_ms)}</td>
                      <td className="number">
                        <When at={run.created_at} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answered>
    </section>
  );
}

function toneOf(status: string) {
  if (status === 'succeeded') return 'good';
  if (status === 'running') return 'active';
  if (status === 'queued') return 'wait';
  return status === 'cancelled' ? 'off' : 'bad';
}
