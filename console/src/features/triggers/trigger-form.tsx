// Adds a trigger: each kind asks for what it needs, and shows what it will do before it does.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { cronWords } from './cron-words.ts';
import { eventTypesQuery, type Kind, type NewSettings, nextRunsQuery } from './trigger-requests.ts';

type Props = { functionId: string; kind: Kind; onClose: () => void };

const SCHEMES = ['standard_webhooks', 'stripe', 'shopify', 'github', 'slack'] as const;
const OVERLAPS = ['allow', 'skip', 'queue_one'] as const;
const EXAMPLES = ['*/5 * * * *', '0 * * * *', '0 6 * * *', '0 8 * * MON-FRI', '0 0 1 * *'] as const;

type Fields = {
  cron: string;
  zone: string;
  overlap: (typeof OVERLAPS)[number];
  scheme: '' | (typeof SCHEMES)[number];
  secret: string;
  ips: string;
  notations: string;
};

export function TriggerForm({ functionId, kind, onClose }: Props) {
  const { api, key } = useWhere();
  const queries = useQueryClient();
  const [fields, setFields] = useState<Fields>({
    ...{ cron: '0 6 * * *', zone: Intl.DateTimeFormat().resolvedOptions().timeZone, overlap: 'allow' },
    ...{ scheme: '', secret: '', ips: '', notations: '' },
  });
  const set = (change: Partial<Fields>) => setFields({ ...fields, ...change });
  const add = useMutation({
    mutationFn: () =>
      read(
        api.POST('/triggers', {
          body: { function_id: functionId, kind, settings: settingsOf(kind, fields) },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [...key, 'triggers'] });
      onClose();
    },
  });
  const refusal = add.error instanceof Refusal ? add.error : null;
  const wrongAt = (...names: string[]) =>
    refusal !== null && names.some((name) => refusal.field?.startsWith(`settings.${name}`))
      ? refusal.message
      : null;
  const parts = { fields, set, wrongAt };
  return (
    <Dialog
      title={t(`triggers.add.${kind}`)}
      onClose={onClose}
      onSubmit={() => add.mutate()}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={add.isPending}>
            {t('triggers.add')}
          </button>
        </>
      }
    >
      {kind === 'schedule' ? <ScheduleFields {...parts} /> : null}
      {kind === 'account_event' ? <EventFields {...parts} /> : null}
      {kind === 'webhook' ? <WebhookFields {...parts} /> : null}
      {kind === 'webhook' || kind === 'function_url' ? (
        <Field label={t('triggers.ips')} hint={t('triggers.ipsHint')} wrong={wrongAt('allowed_ips')}>
          {(wiring) => (
            <input {...wiring} value={fields.ips} onChange={({ target }) => set({ ips: target.value })} />
          )}
        </Field>
      ) : null}
      <Wrong error={refusal?.field?.startsWith('settings.') ? null : add.error} />
    </Dialog>
  );
}

type Parts = {
  fields: Fields;
  set: (change: Partial<Fields>) => void;
  wrongAt: (...names: string[]) => string | null;
};

function ScheduleFields({ fields, set, wrongAt }: Parts) {
  const cron = useDeferredValue(fields.cron);
  const zone = useDeferredValue(fields.zone);
  const next = useQuery({ ...nextRunsQuery(useWhere(), cron, zone), placeholderData: undefined });
  const problem = next.error instanceof Refusal ? next.error : null;
  return (
    <>
      <Field
        label={t('triggers.cron')}
        hint={cronWords(fields.cron)}
        wrong={(problem?.field !== 'time_zone' ? problem?.message : null) ?? wrongAt('cron')}
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
        wrong={(problem?.field === 'time_zone' ? problem.message : null) ?? wrongAt('time_zone')}
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
    </>
  );
}

function EventFields({ fields, set, wrongAt }: Parts) {
  const types = useQuery(eventTypesQuery(useWhere()));
  return (
    <>
      <Field label={t('triggers.notations')} hint={t('triggers.notationsHint')} wrong={wrongAt('notations')}>
        {(wiring) => (
          <input
            {...wiring}
            className="mono"
            required
            list="notations"
            value={fields.notations}
            onChange={({ target }) => set({ notations: target.value })}
          />
        )}
      </Field>
      <datalist id="notations">
        {(types.data?.data ?? []).map((one) => (
          <option key={one.name} value={one.name} />
        ))}
      </datalist>
    </>
  );
}

function WebhookFields({ fields, set, wrongAt }: Parts) {
  return (
    <>
      <p className="quiet">{t('triggers.webhookExplain')}</p>
      <Field label={t('triggers.scheme')} wrong={wrongAt('verification.scheme')}>
        {(wiring) => (
          <select
            {...wiring}
            value={fields.scheme}
            onChange={({ target }) => set({ scheme: target.value as Fields['scheme'] })}
          >
            <option value="">{t('triggers.schemeNone')}</option>
            {SCHEMES.map((one) => (
              <option key={one} value={one}>
                {t(`scheme.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {fields.scheme === '' ? null : (
        <Field label={t('triggers.secret')} hint={t('triggers.secretHint')} wrong={wrongAt('verification')}>
          {(wiring) => (
            <input
              {...wiring}
              type="password"
              autoComplete="off"
              required
              value={fields.secret}
              onChange={({ target }) => set({ secret: target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function settingsOf(kind: Kind, fields: Fields): NewSettings {
  const { cron, zone, overlap, scheme, secret } = fields;
  if (kind === 'schedule') return { cron, time_zone: zone, overlap };
  if (kind === 'account_event') return { notations: wordsOf(fields.notations) };
  const ips = wordsOf(fields.ips);
  const allowed_ips = ips.length === 0 ? null : ips;
  if (kind === 'function_url') return { allowed_ips };
  return { allowed_ips, verification: scheme === '' ? null : { scheme, secrets: [secret] } };
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
