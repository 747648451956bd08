// When a schedule runs: the expression in words, its next runs with what the clocks do to them, and what
// happens to runs that overlap or were missed. Called by trigger-form.tsx.
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { Refusal } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { useWhere } from '../../shell/scope.ts';
import { cronWords } from '../../texts/cron-words.ts';
import { t } from '../../texts/translate.ts';
import { CATCH_UPS, type Fields, OVERLAPS } from './trigger-fields.ts';
import type { Parts } from './trigger-form.tsx';
import { nextRunsQuery } from './trigger-requests.ts';

const EXAMPLES = ['*/5 * * * *', '0 * * * *', '0 6 * * *', '0 8 * * MON-FRI', '0 0 1 * *'] as const;

export function ScheduleFields({ fields, set, wrongAt }: Parts) {
  const cron = useDeferredValue(fields.cron);
  const zone = useDeferredValue(fields.zone);
  const next = useQuery({ ...nextRunsQuery(useWhere(), cron, zone), placeholderData: undefined });
  const problem = next.error instanceof Refusal ? next.error : null;
  return (
    <>
      <Field
        label={t('triggers.cron')}
        hint={cronWords(fields.cron)}
        wrong={(problem?.field !== 'time_zone' ? problem?.rule : null) ?? wrongAt('cron')}
      >
        {(wiring) => (
          <input
            {...wiring}
            className="mono"
            list="cron-examples"
            value={fields.cron}
            onChange={({ target }) => set({ cron: target.value })}
          />
        )}
      </Field>
      <datalist id="cron-examples">
        {EXAMPLES.map((one) => (
          <option key={one} value={one}>
            {cronWords(one)}
          </option>
        ))}
      </datalist>
      <Field
        label={t('triggers.zone')}
        wrong={(problem?.field === 'time_zone' ? problem.rule : null) ?? wrongAt('time_zone')}
      >
        {(wiring) => (
          <input
            {...wiring}
            list="zones"
            value={fields.zone}
            onChange={({ target }) => set({ zone: target.value })}
          />
        )}
      </Field>
      <datalist id="zones">
        {Intl.supportedValuesOf('timeZone').map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <div className="field">
        <span className="label">{t('triggers.nextRuns')}</span>
        <ol className="next-runs" aria-live="polite">
          {(next.data?.next_runs ?? []).map((run) => (
            <li key={run.at}>
              {run.local}
              {run.clock_change === null ? '' : ` · ${t(`triggers.clock.${run.clock_change}`)}`}
            </li>
          ))}
        </ol>
      </div>
      <Policies fields={fields} set={set} wrongAt={wrongAt} />
    </>
  );
}

function Policies({ fields, set, wrongAt }: Parts) {
  return (
    <>
      <Field label={t('triggers.overlap')}>
        {(wiring) => (
          <select
            {...wiring}
            value={fields.overlap}
            onChange={({ target }) => set({ overlap: target.value as Fields['overlap'] })}
          >
            {OVERLAPS.map((one) => (
              <option key={one} value={one}>
                {t(`triggers.overlap.${one === 'queue_one' ? 'queue' : one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('triggers.catchUp')} wrong={wrongAt('catch_up')}>
        {(wiring) => (
          <div className="row">
            <select
              {...wiring}
              value={fields.catchUp}
              onChange={({ target }) => set({ catchUp: target.value as Fields['catchUp'] })}
            >
              {CATCH_UPS.map((one) => (
                <option key={one} value={one}>
                  {t(`triggers.catchUp.${one}`)}
                </option>
              ))}
            </select>
            {fields.catchUp === 'all' ? (
              <input
                className="short"
                type="number"
                min={1}
                max={100}
                required
                aria-label={t('triggers.catchUpLimit')}
                value={fields.catchUpLimit}
                onChange={({ target }) => set({ catchUpLimit: target.value })}
              />
            ) : null}
          </div>
        )}
      </Field>
    </>
  );
}
