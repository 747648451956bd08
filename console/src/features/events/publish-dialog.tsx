// Publishes an event: everything that listens to it runs. Called by the list of events.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { eventTypesQuery } from './event-requests.ts';

export function PublishDialog({ onClose }: { onClose: () => void }) {
  const where = useWhere();
  const { api, account, mode } = where;
  const types = useQuery(eventTypesQuery(where));
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [type, setType] = useState('');
  const [item, setItem] = useState('');
  const [data, setData] = useState('{}');
  const problem = problemOf(data);
  const publish = useMutation({
    mutationFn: () =>
      read(
        api.POST('/events', {
          body: { type, item_id: item, data: JSON.parse(data) as Record<string, unknown> },
        }),
      ),
    onSuccess: async (accepted) => {
      await queries.invalidateQueries({ queryKey: [...where.key, 'events', 'list'] });
      const event = accepted.data[0]?.id ?? '';
      void navigate({ to: '/$account/$mode/events/one/$event', params: { account, mode, event } });
    },
  });
  const field = publish.error instanceof Refusal ? publish.error.field : null;
  const wrongAt = (name: string) => (field === name ? (publish.error?.message ?? null) : null);
  return (
    <Dialog
      title={t('events.publish')}
      onClose={onClose}
      onSubmit={() => publish.mutate()}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={problem !== null || publish.isPending}>
            {t('events.publish')}
          </button>
        </>
      }
    >
      <p className="quiet">{t('events.publishExplain')}</p>
      <Field label={t('events.type')} hint={t('events.typeHint')} wrong={wrongAt('type')}>
        {(wiring) => (
          <input
            {...wiring}
            required
            className="mono"
            list="publish-types"
            value={type}
            onChange={({ target }) => setType(target.value)}
          />
        )}
      </Field>
      <datalist id="publish-types">
        {types.data
          ?.filter((one) => !one.platform_only)
          .map(({ name }) => (
            <option key={name} value={name} />
          ))}
      </datalist>
      <Field label={t('events.item')} hint={t('events.itemHint')} wrong={wrongAt('item_id')}>
        {(wiring) => (
          <input {...wiring} required value={item} onChange={({ target }) => setItem(target.value)} />
        )}
      </Field>
      <Field label={t('events.data')} hint={t('events.dataHint')} wrong={problem ?? wrongAt('data')}>
        {(wiring) => (
          <textarea
            {...wiring}
            rows={8}
            spellCheck={false}
            value={data}
            onChange={({ target }) => setData(target.value)}
          />
        )}
      </Field>
      <Wrong error={field !== null && ['type', 'item_id', 'data'].includes(field) ? null : publish.error} />
    </Dialog>
  );
}

function problemOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
