// A new function: a name and what it begins with. Opens its editor when it is there.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { sourceOf, TEMPLATES, type TemplateId, templateText } from './templates.ts';

export function NewFunction({ onClose }: { onClose: () => void }) {
  const { account, mode, api, key } = useWhere();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [template, setTemplate] = useState<TemplateId>('hello.js');
  const create = useMutation({
    mutationFn: async () => {
      const { runtime, handler } = TEMPLATES.find((one) => one.id === template) ?? TEMPLATES[0];
      const code = { inline: await sourceOf(template) };
      return await read(api.POST('/functions', { body: { name, code, runtime, handler } }));
    },
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: [...key, 'functions'] });
      await navigate({ to: '/$account/$mode/functions/$id', params: { account, mode, id } });
    },
  });
  const refusal = create.error instanceof Refusal && create.error.field === 'name' ? create.error : null;
  return (
    <Dialog
      title={t('functions.new')}
      wide
      onClose={onClose}
      onSubmit={() => create.mutate()}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={create.isPending}>
            {t('functions.create')}
          </button>
        </>
      }
    >
      <Field label={t('functions.name')} hint={t('functions.nameHint')} wrong={refusal?.rule ?? null}>
        {(wiring) => (
          <input
            {...wiring}
            autoFocus
            required
            maxLength={250}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <fieldset className="templates">
        <legend className="unseen">{t('functions.begin')}</legend>
        {TEMPLATES.map(({ id, runtime }) => (
          <label key={id} className="template">
            <input type="radio" name="template" checked={template === id} onChange={() => setTemplate(id)} />
            <span>
              {t(templateText(id))} <span className="quiet mono">{runtime}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Wrong error={refusal === null ? create.error : null} />
    </Dialog>
  );
}
