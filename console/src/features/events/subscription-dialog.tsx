// A new subscription: which events, where to, signed by which key. Called by the list of subscriptions.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { eventTypesQuery, subscriptionsQuery } from './event-requests.ts';

const FORMATS = ['json', 'xml', 'html'] as const;

export function SubscriptionDialog({ onClose }: { onClose: () => void }) {
  const where = useWhere();
  const queries = useQueryClient();
  const types = useQuery(eventTypesQuery(where));
  const [form, setForm] = useState({ event: '', destination: '', description: '', signingKey: '' });
  const [method, setMethod] = useState<'http' | 'email'>('http');
  const [format, setFormat] = useState<(typeof FORMATS)[number]>('json');
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const add = useMutation({
    mutationFn: () => {
      const { event, destination, description, signingKey } = form;
      const body = {
        ...{ event_type: event, destination, method, format, description: description || null },
        ...(signingKey === '' ? {} : { signing_key: signingKey }),
      };
      return read(where.api.POST('/subscriptions', { body }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: subscriptionsQuery(where).queryKey });
      onClose();
    },
  });
  const refused = add.error instanceof Refusal ? add.error : null;
  const wrongAt = (field: string) => (refused?.field === field ? refused.message : null);
  const isShown = ['event_type', 'destination', 'signing_key'].includes(refused?.field ?? '');
  return (
    <Dialog
      title={t('subscriptions.add')}
      onClose={onClose}
      onSubmit={() => add.mutate()}
      foot={
        <button type="submit" className="button primary" disabled={add.isPending}>
          {t('subscriptions.add')}
        </button>
      }
    >
      <Field label={t('events.type')} wrong={wrongAt('event_type')}>
        {(wiring) => (
          <input
            {...wiring}
            required
            list="subscribed-types"
            value={form.event}
            onChange={({ target }) => set({ event: target.value })}
          />
        )}
      </Field>
      <datalist id="subscribed-types">
        {types.data?.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Field label={t('subscriptions.method')}>
        {(wiring) => (
          <select
            {...wiring}
            value={method}
            onChange={({ target }) => setMethod(target.value as 'http' | 'email')}
          >
            <option value="http">{t('subscriptions.http')}</option>
            <option value="email">{t('subscriptions.email')}</option>
          </select>
        )}
      </Field>
      <Field
        label={t('subscriptions.destination')}
        hint={t(method === 'http' ? 'subscriptions.urlHint' : 'subscriptions.mailHint')}
        wrong={wrongAt('destination')}
      >
        {(wiring) => (
          <input
            {...wiring}
            required
            value={form.destination}
            onChange={({ target }) => set({ destination: target.value })}
          />
        )}
      </Field>
      <Field label={t('subscriptions.format')}>
        {(wiring) => (
          <select
            {...wiring}
            value={format}
            onChange={({ target }) => setFormat(target.value as (typeof FORMATS)[number])}
          >
            {FORMATS.map((one) => (
              <option key={one} value={one}>
                {one.toUpperCase()}
              </option>
            ))}
          </select>
        )}
      </Field>
      {method === 'http' ? (
        <Field
          label={t('subscriptions.key')}
          hint={t('subscriptions.keyHint')}
          wrong={wrongAt('signing_key')}
        >
          {(wiring) => (
            <input
              {...wiring}
              type="password"
              autoComplete="off"
              value={form.signingKey}
              onChange={({ target }) => set({ signingKey: target.value })}
            />
          )}
        </Field>
      ) : null}
      <Field label={t('types.description')}>
        {(wiring) => (
          <input
            {...wiring}
            value={form.description}
            onChange={({ target }) => set({ description: target.value })}
          />
        )}
      </Field>
      <Wrong error={isShown ? null : add.error} />
    </Dialog>
  );
}
