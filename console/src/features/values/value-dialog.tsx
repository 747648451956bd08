// A value of the account: made, or changed. One that is sealed keeps its text where nothing new is typed.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type Value, valuesQuery } from './value-requests.ts';

export function ValueDialog({ value, onClose }: { value: Value | null; onClose: () => void }) {
  const where = useWhere();
  const queries = useQueryClient();
  const [name, setName] = useState(value?.name ?? '');
  const [text, setText] = useState(value?.value ?? '');
  const [isSealed, setSealed] = useState(value?.encrypted ?? false);
  const [description, setDescription] = useState(value?.description ?? '');
  const isKept = value?.encrypted === true && text === '';
  const save = useMutation({
    mutationFn: () => {
      const shared = { name, encrypted: isSealed, description: description || null };
      if (value === null)
        return read(where.api.POST('/function-values', { body: { ...shared, value: text } }));
      const params = { path: { id: value.id } };
      const body = { ...shared, ...(isKept ? {} : { value: text }) };
      return read(where.api.PATCH('/function-values/{id}', { params, body }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: valuesQuery(where).queryKey });
      onClose();
    },
  });
  const refused = save.error instanceof Refusal ? save.error : null;
  const wrongAt = (field: string) => (refused?.field === field ? refused.message : null);
  return (
    <Dialog
      title={value === null ? t('values.add') : t('values.changeOf', { name: value.name })}
      onClose={onClose}
      onSubmit={() => save.mutate()}
      foot={
        <button type="submit" className="button primary" disabled={save.isPending}>
          {t('action.save')}
        </button>
      }
    >
      <Field label={t('variables.name')} hint={t('values.nameHint')} wrong={wrongAt('name')}>
        {(wiring) => (
          <input
            {...wiring}
            required
            className="mono"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field
        label={t('variables.value')}
        hint={isKept ? t('variables.kept') : undefined}
        wrong={wrongAt('value')}
      >
        {(wiring) => (
          <textarea {...wiring} rows={3} value={text} onChange={({ target }) => setText(target.value)} />
        )}
      </Field>
      <label className="check">
        <input type="checkbox" checked={isSealed} onChange={({ target }) => setSealed(target.checked)} />
        {t('values.seal')}
      </label>
      <Field label={t('types.description')}>
        {(wiring) => (
          <input {...wiring} value={description} onChange={({ target }) => setDescription(target.value)} />
        )}
      </Field>
      <Wrong error={refused?.field === 'name' || refused?.field === 'value' ? null : save.error} />
    </Dialog>
  );
}
