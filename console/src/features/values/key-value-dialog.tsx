// One key value: read, made or changed.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { keyValueQuery, keyValuesQuery } from './value-requests.ts';

type Props = { name: string | null; onClose: () => void };
type Kept = { value: string; description: string | null };

export function KeyValueDialog({ name, onClose }: Props) {
  const where = useWhere();
  const query = useQuery({ ...keyValueQuery(where, name ?? ''), enabled: name !== null });
  if (name === null) return <Form name={null} kept={{ value: '', description: null }} onClose={onClose} />;
  if (query.data !== undefined) return <Form name={name} kept={query.data} onClose={onClose} />;
  return (
    <Dialog title={name} onClose={onClose}>
      <Answered query={query}>{() => null}</Answered>
    </Dialog>
  );
}

function Form({ name, kept, onClose }: Props & { kept: Kept }) {
  const where = useWhere();
  const queries = useQueryClient();
  const mayChange = useMay('key_values', name === null ? 'create' : 'update');
  const [key, setKey] = useState(name ?? '');
  const [value, setValue] = useState(kept.value);
  const [description, setDescription] = useState(kept.description ?? '');
  const save = useMutation({
    mutationFn: () => {
      const body = { value, description: description || null };
      return name === null
        ? read(where.api.POST('/key-values', { body: { key, ...body } }))
        : read(where.api.PATCH('/key-values/{key}', { params: { path: { key } }, body }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keyValuesQuery(where).queryKey });
      onClose();
    },
  });
  const refused = save.error instanceof Refusal ? save.error : null;
  const wrongAt = (field: string) => (refused?.field === field ? refused.message : null);
  return (
    <Dialog
      title={name ?? t('values.addKey')}
      onClose={onClose}
      {...(mayChange ? { onSubmit: () => save.mutate() } : {})}
      foot={
        mayChange ? (
          <button type="submit" className="button primary" disabled={save.isPending}>
            {t('action.save')}
          </button>
        ) : undefined
      }
    >
      {name === null ? (
        <Field label={t('values.key')} hint={t('values.keyHint')} wrong={wrongAt('key')}>
          {(wiring) => (
            <input
              {...wiring}
              required
              className="mono"
              value={key}
              onChange={({ target }) => setKey(target.value)}
            />
          )}
        </Field>
      ) : null}
      <Field label={t('variables.value')} wrong={wrongAt('value')}>
        {(wiring) => (
          <textarea
            {...wiring}
            rows={8}
            spellCheck={false}
            readOnly={!mayChange}
            value={value}
            onChange={({ target }) => setValue(target.value)}
          />
        )}
      </Field>
      <Field label={t('types.description')}>
        {(wiring) => (
          <input
            {...wiring}
            readOnly={!mayChange}
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        )}
      </Field>
      <Wrong error={refused?.field === 'key' || refused?.field === 'value' ? null : save.error} />
    </Dialog>
  );
}
