// Packages from npm that a function has beside its code: chosen out of those that are allowed, installed
// while one looks on. What is live stays until they are there.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { BuildView } from './build-view.tsx';
import { allowedQuery, type Build, buildsQuery } from './package-requests.ts';
import './packages.css';

export function PackagesPage() {
  const { id } = useParams({ from: '/$account/$mode/functions/$id/packages' });
  const query = useQuery(buildsQuery(useWhere(), id));
  return (
    <div className="pane">
      <Answered query={query}>
        {({ data }) => (
          <div className="stack">
            <p className="quiet">{t('packages.explain')}</p>
            <Installed id={id} builds={data} />
            {data.length === 0 ? null : (
              <section className="stack" aria-label={t('packages.history')}>
                <h2>{t('packages.history')}</h2>
                {data.map((build, index) => (
                  <BuildView key={build.id} build={build} isLatest={index === 0} />
                ))}
              </section>
            )}
          </div>
        )}
      </Answered>
    </div>
  );
}

function Installed({ id, builds }: { id: string; builds: readonly Build[] }) {
  const where = useWhere();
  const { api, key } = where;
  const queries = useQueryClient();
  const mayUpdate = useMay('hosted_functions', 'update');
  const ready = builds.find(({ status }) => status === 'ready');
  const wanted = ready?.dependencies ?? {};
  const ask = useMutation({
    mutationFn: (dependencies: Record<string, string>) =>
      read(api.POST('/functions/{id}/builds', { params: { path: { id } }, body: { dependencies } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...key, 'function', id] }),
  });
  const isBusy = ask.isPending || builds[0]?.status === 'building';
  const without = (name: string) =>
    Object.fromEntries(Object.entries(wanted).filter(([one]) => one !== name));
  return (
    <>
      {Object.keys(wanted).length === 0 ? (
        <p>{t('packages.none')}</p>
      ) : (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th>{t('packages.name')}</th>
                <th>{t('packages.range')}</th>
                <th>{t('packages.installed')}</th>
                <th>
                  <span className="unseen">{t('people.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(wanted).map(([name, range]) => (
                <tr key={name}>
                  <td className="mono">{name}</td>
                  <td className="mono quiet">{range}</td>
                  <td className="mono">{ready?.resolved[name] ?? '–'}</td>
                  <td className="number">
                    {mayUpdate ? (
                      <button
                        type="button"
                        className="button plain danger"
                        disabled={isBusy}
                        onClick={() => ask.mutate(without(name))}
                      >
                        {t('people.remove')}
                      </button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {mayUpdate ? (
        <AddPackage
          isBusy={isBusy}
          error={ask.error}
          onAdd={(name, range) => ask.mutate({ ...wanted, [name]: range })}
        />
      ) : null}
    </>
  );
}

type AddProps = { isBusy: boolean; error: unknown; onAdd: (name: string, range: string) => void };

function AddPackage({ isBusy, error, onAdd }: AddProps) {
  const allowed = useQuery(allowedQuery(useWhere())).data?.allowed ?? null;
  const [name, setName] = useState('');
  const [range, setRange] = useState('latest');
  const refusal = error instanceof Refusal && error.field !== null ? error : null;
  return (
    <form
      className="add-package"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(name.trim(), range.trim());
      }}
    >
      <Field
        label={t('packages.name')}
        hint={allowed === null ? undefined : t('packages.allowed', { count: allowed.length })}
        wrong={refusal?.rule ?? null}
      >
        {(wiring) => (
          <input
            {...wiring}
            className="mono"
            required
            list="allowed-packages"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <datalist id="allowed-packages">
        {(allowed ?? []).map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <Field label={t('packages.range')} hint={t('packages.rangeHint')}>
        {(wiring) => (
          <input
            {...wiring}
            className="mono"
            required
            value={range}
            onChange={({ target }) => setRange(target.value)}
          />
        )}
      </Field>
      <div>
        <button type="submit" className="button primary" disabled={isBusy}>
          {t(isBusy ? 'packages.installing' : 'packages.install')}
        </button>
      </div>
      <Wrong error={refusal === null ? error : null} />
    </form>
  );
}
