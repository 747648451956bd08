// Makes another function of the same code, settings, variables and packages; triggers stay where they are.
// Called by settings-page.tsx.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Refusal, read, type Schemas } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';

export function CopyFunction({ fn }: { fn: Schemas['Function'] }) {
  const { account, mode, api, key } = useWhere();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const mayCreate = useMay('hosted_functions', 'create');
  const [name, setName] = useState(t('settings.copyOf', { name: fn.name }));
  const copy = useMutation({
    mutationFn: () =>
      read(api.POST('/functions/{id}/copy', { params: { path: { id: fn.id } }, body: { name } })),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: [...key, 'functions'] });
      await navigate({ to: '/$account/$mode/functions/$id', params: { account, mode, id } });
    },
  });
  if (!mayCreate) return null;
  const refusal = copy.error instanceof Refusal && copy.error.field === 'name' ? copy.error : null;
  return (
    <section className="deletion stack">
      <h2>{t('settings.copy')}</h2>
      <p className="quiet">{t('settings.copyExplain')}</p>
      <Field label={t('settings.copyName')} wrong={refusal?.rule ?? null}>
        {(wiring) => <input {...wiring} value={name} onChange={({ target }) => setName(target.value)} />}
      </Field>
      <div className="row">
        <button type="button" className="button" disabled={copy.isPending} onClick={() => copy.mutate()}>
          {t('settings.copy')}
        </button>
      </div>
      <Wrong error={refusal === null ? copy.error : null} />
    </section>
  );
}
