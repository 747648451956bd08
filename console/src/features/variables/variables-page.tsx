// Variables of a function: names, values, which are secret; a pasted .env becomes rows. What is changed is
// written as a whole.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { read, readWithTag } from '../../api/millrace.ts';
import { Answered, Wrong } from '../../design/states.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { readDotenv } from './read-dotenv.ts';
import './variables.css';

type Row = { name: string; value: string; secret: boolean; isKept: boolean };
type Shown = Record<string, { value: string | null; secret: boolean }>;

export function VariablesPage() {
  const { id } = useParams({ from: '/$account/$mode/functions/$id/variables' });
  const { api, key } = useWhere();
  const query = useQuery({
    queryKey: [...key, 'variables', id],
    // Asked for again only after a save: an answer in between would take what is typed.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
    queryFn: () => readWithTag(api.GET('/functions/{id}/variables', { params: { path: { id } } })),
  });
  return (
    <div className="pane">
      <Answered query={query}>
        {({ data, tag }) => <Editor key={tag} id={id} shown={data.variables} tag={tag} />}
      </Answered>
    </div>
  );
}

function rowsOf(shown: Shown): Row[] {
  return Object.entries(shown).map(([name, { value, secret }]) => ({
    ...{ name, value: value ?? '', secret, isKept: secret && value === null },
  }));
}

function Editor({ id, shown, tag }: { id: string; shown: Shown; tag: string | null }) {
  const { api, key } = useWhere();
  const say = useToast();
  const queries = useQueryClient();
  const mayUpdate = useMay('hosted_functions', 'update');
  const [rows, setRows] = useState<Row[]>(() => rowsOf(shown));
  const [pasted, setPasted] = useState('');
  const isChanged = JSON.stringify(rows) !== JSON.stringify(rowsOf(shown));
  const set = (index: number, change: Partial<Row>) =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  const save = useMutation({
    mutationFn: () =>
      read(
        api.PUT('/functions/{id}/variables', {
          params: { path: { id } },
          headers: tag === null ? {} : { 'If-Match': tag },
          body: {
            variables: Object.fromEntries(
              rows
                .filter((row) => row.name !== '')
                .map(({ name, value, secret, isKept }) => [name, { value: isKept ? null : value, secret }]),
            ),
          },
        }),
      ),
    onSuccess: () => {
      say(t('variables.saved'));
      return queries.invalidateQueries({ queryKey: [...key, 'variables', id] });
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {rows.length === 0 ? <p className="quiet">{t('variables.none')}</p> : null}
      {rows.length === 0 ? null : (
        <div className="variables-head quiet" aria-hidden="true">
          <span>{t('variables.name')}</span>
          <span>{t('variables.value')}</span>
        </div>
      )}
      <ul className="variables">
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place until it is saved
          <li key={index}>
            <input
              className="input mono"
              aria-label={t('variables.name')}
              placeholder="NAME"
              value={row.name}
              disabled={!mayUpdate}
              onChange={({ target }) => set(index, { name: target.value })}
            />
            <input
              className="input mono"
              aria-label={t('variables.value')}
              type={row.secret ? 'password' : 'text'}
              autoComplete="off"
              placeholder={row.isKept ? t('variables.kept') : t('variables.value')}
              value={row.value}
              disabled={!mayUpdate}
              onChange={({ target }) => set(index, { value: target.value, isKept: false })}
            />
            <label className="check">
              <input
                type="checkbox"
                checked={row.secret}
                disabled={!mayUpdate || row.isKept}
                onChange={({ target }) => set(index, { secret: target.checked })}
              />
              {t('variables.secret')}
            </label>
            <button
              type="button"
              className="button plain danger"
              disabled={!mayUpdate}
              onClick={() => setRows(rows.filter((_, at) => at !== index))}
            >
              {t('action.delete')}
            </button>
          </li>
        ))}
      </ul>
      {mayUpdate ? (
        <>
          <div className="row">
            <button
              type="button"
              className="button"
              onClick={() => setRows([...rows, { name: '', value: '', secret: false, isKept: false }])}
            >
              {t('variables.add')}
            </button>
            <button type="submit" className="button primary" disabled={!isChanged || save.isPending}>
              {t('action.save')}
            </button>
            <span className="quiet">{t('variables.nextRun')}</span>
          </div>
          <Wrong error={save.error} />
          <details>
            <summary>{t('variables.paste')}</summary>
            <div className="field">
              <textarea
                rows={5}
                aria-label={t('variables.paste')}
                placeholder={'SHOP=Oslo\nAPI_KEY="k-4711"'}
                value={pasted}
                onChange={({ target }) => setPasted(target.value)}
              />
            </div>
            <button
              type="button"
              className="button"
              disabled={pasted.trim() === ''}
              onClick={() => {
                const found = readDotenv(pasted);
                const others = rows.filter((row) => !(row.name in found));
                const added = Object.entries(found).map(([name, value]) => {
                  const secret = rows.find((row) => row.name === name)?.secret ?? looksSecret(name);
                  return { name, value, secret, isKept: false };
                });
                setRows([...others, ...added]);
                setPasted('');
              }}
            >
              {t('variables.take')}
            </button>
          </details>
        </>
      ) : null}
    </form>
  );
}

function looksSecret(name: string): boolean {
  return /KEY|SECRET|TOKEN|PASSWORD/i.test(name);
}
