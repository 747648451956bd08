// What runs by itself in the next 24 hours: a line of time for each schedule, and a preview of any
// expression in words, with its next runs and the changes of clocks among them.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { Field } from '../../design/field.tsx';
import { absolute } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { useWhere } from '../../shell/scope.ts';
import { cronWords } from '../../texts/cron-words.ts';
import { t } from '../../texts/translate.ts';
import { type Planned, plannedQuery, previewQuery } from './schedule-requests.ts';
import './schedules.css';

const DAY_MS = 86_400_000;
const HOURS = [0, 6, 12, 18, 24];

export function SchedulesPage() {
  const query = useQuery(plannedQuery(useWhere()));
  return (
    <Page title={t('room.schedules')} sentence={t('schedules.sentence')}>
      <Answered query={query}>
        {(planned) =>
          planned.length === 0 ? (
            <Empty title={t('schedules.none')}>
              <span className="quiet">{t('schedules.noneNext')}</span>
            </Empty>
          ) : (
            <Day planned={planned} />
          )
        }
      </Answered>
      <Preview />
    </Page>
  );
}

function Day({ planned }: { planned: readonly Planned[] }) {
  const { account, mode } = useWhere();
  const nowMs = Date.now();
  const at = (ms: number) => `${(100 * (ms - nowMs)) / DAY_MS}%`;
  return (
    <ol className="schedules" aria-label={t('schedules.day')}>
      <li className="hours-line" aria-hidden="true">
        {HOURS.map((hour) => (
          <span key={hour} style={{ left: at(nowMs + hour * 3_600_000) }}>
            {hour === 0 ? t('schedules.now') : `+${hour} h`}
          </span>
        ))}
      </li>
      {planned.map(({ schedule, functionName, ticks }) => {
        const { cron, time_zone: zone = 'UTC' } = schedule.settings;
        const changed = ticks.find(({ clock_change: change }) => change !== null);
        return (
          <li key={schedule.id}>
            <div className="schedule-head">
              <Link
                className="strong"
                to="/$account/$mode/functions/$id/triggers"
                params={{ account, mode, id: schedule.function_id }}
              >
                {functionName}
              </Link>
              {schedule.name === null ? null : <span>{schedule.name}</span>}
              <span className="quiet">
                {cronWords(cron) || cron} · {zone}
              </span>
              {schedule.paused_at === null ? null : (
                <StatusMark tone="wait">{t('schedules.paused')}</StatusMark>
              )}
              {schedule.enabled ? null : <StatusMark tone="off">{t('functions.disabled')}</StatusMark>}
              {changed?.clock_change == null ? null : (
                <StatusMark tone="warn">{t(`triggers.clock.${changed.clock_change}`)}</StatusMark>
              )}
            </div>
            <div className="day" role="img" aria-label={t('schedules.ticks', { count: ticks.length })}>
              {ticks.map((tick) => (
                <i
                  key={tick.at}
                  title={`${absolute(tick.at)} (${tick.local})`}
                  style={{ left: at(Date.parse(tick.at)) }}
                />
              ))}
            </div>
            <span className="quiet next">
              {ticks[0] === undefined
                ? t('schedules.notToday')
                : t('schedules.next', { at: absolute(ticks[0].at) })}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Preview() {
  const [cron, setCron] = useState('0 6 * * MON-FRI');
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const query = useQuery(previewQuery(useWhere(), useDeferredValue(cron), useDeferredValue(zone)));
  return (
    <section className="schedule-preview">
      <h2>{t('schedules.preview')}</h2>
      <div className="preview-fields">
        <Field
          label={t('triggers.cron')}
          hint={cronWords(cron) || t('schedules.notUnderstood')}
          wrong={query.error?.message ?? null}
        >
          {(wiring) => (
            <input
              {...wiring}
              className="mono"
              value={cron}
              onChange={({ target }) => setCron(target.value)}
            />
          )}
        </Field>
        <Field label={t('triggers.zone')}>
          {(wiring) => (
            <input {...wiring} list="zones" value={zone} onChange={({ target }) => setZone(target.value)} />
          )}
        </Field>
        <datalist id="zones">
          {Intl.supportedValuesOf('timeZone').map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </div>
      <ol className="next-runs">
        {query.data?.next_runs.map((tick) => (
          <li key={tick.at}>
            <span className="mono">{tick.local}</span> <span className="quiet">{absolute(tick.at)}</span>
            {tick.clock_change === null ? null : (
              <StatusMark tone="warn">{t(`triggers.clock.${tick.clock_change}`)}</StatusMark>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
