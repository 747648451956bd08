// Code of one function, as a zip or a folder: its name, and how it is run. Called by moving-page.tsx.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { sendFile } from '../../api/send-file.ts';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';

type Props = {
  name: string;
  zip: Uint8Array<ArrayBuffer>;
  paths: readonly string[];
  onAgain: () => void;
};

export function CodePanel({ name: first, zip, paths, onAgain }: Props) {
  const { account, mode, api, key } = useWhere();
  const navigate = useNavigate();
  const runtimes = useQuery({ queryKey: [...key, 'runtimes'], queryFn: () => read(api.GET('/runtimes')) });
  const [name, setName] = useState(first);
  const [runtime, setRuntime] = useState(() => (isPython(paths) ? '' : 'nodejs24.x'));
  const [handler, setHandler] = useState(() => handlerOf(paths));
  const make = useMutation({
    mutationFn: () => {
      const form = new FormData();
      const settings = { name, handler, ...(runtime === '' ? {} : { runtime }) };
      form.set('settings', JSON.stringify(settings));
      form.set('code', new Blob([zip], { type: 'application/zip' }), 'code.zip');
      return sendFile<{ id: string }>({ account, mode }, '/functions', form);
    },
    onSuccess: ({ id }) => navigate({ to: '/$account/$mode/functions/$id', params: { account, mode, id } }),
  });
  const refusal = make.error instanceof Refusal ? make.error : null;
  const isBeside = ['name', 'runtime', 'handler'].includes(refusal?.field ?? '');
  const wrongAt = (field: string) => (refusal?.field === field ? refusal.rule : null);
  return (
    <form
      className="stack moving-form"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <p className="quiet">{t('moving.files', { count: paths.length })}</p>
      <Field label={t('functions.name')} wrong={wrongAt('name')}>
        {(wiring) => (
          <input {...wiring} required value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <Field label={t('functions.runtime')} wrong={wrongAt('runtime')}>
        {(wiring) => (
          <select {...wiring} required value={runtime} onChange={({ target }) => setRuntime(target.value)}>
            <option value="">–</option>
            {(runtimes.data?.data ?? [])
              .filter(({ problem }) => problem === null)
              .map(({ code }) => (
                <option key={code} value={code}>
                  {code}
                </option>
              ))}
          </select>
        )}
      </Field>
      <Field label={t('moving.handler')} hint={t('moving.handlerHint')} wrong={wrongAt('handler')}>
        {(wiring) => (
          <input
            {...wiring}
            className="mono"
            required
            value={handler}
            onChange={({ target }) => setHandler(target.value)}
          />
        )}
      </Field>
      <Wrong error={isBeside ? null : make.error} />
      <div className="row">
        <button type="submit" className="button primary" disabled={make.isPending}>
          {t('functions.create')}
        </button>
        <button type="button" className="button" onClick={onAgain}>
          {t('moving.another')}
        </button>
      </div>
    </form>
  );
}

function isPython(paths: readonly string[]): boolean {
  return (
    paths.some((path) => /^[^/]+\.py$/.test(path)) && !paths.some((path) => /^[^/]+\.[cm]?js$/.test(path))
  );
}

/** The usual names first. */
function handlerOf(paths: readonly string[]): string {
  const files = paths.filter((path) => /^[^/]+\.([cm]?[jt]s|py)$/.test(path));
  const usual =
    files.find((path) => /^(index|main|app|lambda_function)\./.test(path)) ?? files[0] ?? 'index.js';
  const stem = usual.replace(/\.[^.]+$/, '');
  return `${stem}.handler`;
}
