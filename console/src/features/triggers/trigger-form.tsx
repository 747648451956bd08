// Adds or changes a trigger: each kind asks for what it needs, and shows what it will do before it does.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { CallerFields, WebhookFields } from './address-fields.tsx';
import { EventFields } from './event-fields.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
import { delayMsOf, type Fields, fieldsOf, newFields, settingsOf } from './trigger-fields.ts';
import type { Kind, Trigger, WebhookSettings } from './trigger-requests.ts';

type Props = {
  functionId: string;
  kind: Kind;
  /** null: a new one. */
  trigger: Trigger | null;
  onClose: () => void;
};

export type Parts = {
  fields: Fields;
  set: (change: Partial<Fields>) => void;
  /** What is wrong with one of these settings. */
  wrongAt: (...names: string[]) => string | null;
};

export function TriggerForm({ functionId, kind, trigger, onClose }: Props) {
  const { api, key } = useWhere();
  const queries = useQueryClient();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const [fields, setFields] = useState(() =>
    trigger === null ? newFields(timeZone) : fieldsOf(trigger, timeZone),
  );
  const save = useMutation({
    mutationFn: () => {
      const settings = settingsOf(kind, fields);
      const name = fields.name.trim() === '' ? null : fields.name;
      const delay = isDelayed(kind) ? { delay_ms: delayMsOf(fields) } : {};
      if (trigger === null) {
        return read(
          api.POST('/triggers', { body: { function_id: functionId, kind, name, settings, ...delay } }),
        );
      }
      const params = { path: { id: trigger.id } };
      return read(api.PATCH('/triggers/{id}', { params, body: { name, settings, ...delay } }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [...key, 'triggers'] });
      onClose();
    },
  });
  const refusal = save.error instanceof Refusal ? save.error : null;
  const isBeside = refusal?.field !== undefined && refusal?.field !== null;
  const wrongAt = (...names: string[]) =>
    isBeside && names.some((name) => refusal.field?.replace(/^settings\./, '').startsWith(name))
      ? refusal.rule
      : null;
  const parts = { fields, set: (change: Partial<Fields>) => setFields({ ...fields, ...change }), wrongAt };
  const before = (trigger?.settings ?? {}) as Partial<WebhookSettings>;
  const kept = fields.scheme !== '' && before.verification?.scheme === fields.scheme;
  return (
    <Dialog
      title={t(trigger === null ? `triggers.add.${kind}` : `triggers.edit.${kind}`)}
      onClose={onClose}
      onSubmit={() => save.mutate()}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={save.isPending}>
            {t(trigger === null ? 'triggers.add' : 'action.save')}
          </button>
        </>
      }
    >
      {kind === 'schedule' ? <ScheduleFields {...parts} /> : null}
      {kind === 'account_event' ? <EventFields {...parts} /> : null}
      {kind === 'webhook' ? <WebhookFields {...parts} kept={kept} /> : null}
      {kind === 'webhook' || kind === 'function_url' ? <CallerFields {...parts} /> : null}
      {isDelayed(kind) ? <DelayField {...parts} /> : null}
      <Field label={t('triggers.name')} hint={t('triggers.nameHint')} wrong={wrongAt('name')}>
        {(wiring) => (
          <input
            {...wiring}
            value={fields.name}
            onChange={({ target }) => parts.set({ name: target.value })}
          />
        )}
      </Field>
      <Wrong error={isBeside ? null : save.error} />
    </Dialog>
  );
}

function isDelayed(kind: Kind): boolean {
  return kind === 'account_event' || kind === 'webhook';
}

function DelayField({ fields, set, wrongAt }: Parts) {
  return (
    <Field label={t('triggers.delay')} hint={t('triggers.delayHint')} wrong={wrongAt('delay_ms')}>
      {(wiring) => (
        <div className="row">
          <input
            {...wiring}
            className="short"
            type="number"
            min={0}
            step="any"
            value={fields.delay}
            onChange={({ target }) => set({ delay: target.value })}
          />
          <select
            aria-label={t('triggers.delayUnit')}
            value={fields.delayUnit}
            onChange={({ target }) => set({ delayUnit: target.value as Fields['delayUnit'] })}
          >
            {(['minutes', 'hours'] as const).map((unit) => (
              <option key={unit} value={unit}>
                {t(`unit.${unit}`)}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}
