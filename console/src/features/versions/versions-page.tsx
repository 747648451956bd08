// Every version of a function: who made it when and why, what differs, and the way back in one click.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { read } from '../../api/millrace.ts';
import { bytesText, When } from '../../design/moment.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { CanaryPanel } from './canary-panel.tsx';
import { Patch } from './patch.tsx';

/** Of the runs, where a split begins. */
const FIRST_PERCENT = 10;
const HERE = '/$account/$mode/functions/$id/versions';

export function VersionsPage() {
  const { id } = useParams({ from: HERE });
  const { api, key } = useWhere();
  const search = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const say = useToast();
  const queries = useQueryClient();
  const mayUpdate = useMay('hosted_functions', 'update');
  const query = useQuery({
    queryKey: [...key, 'function', id, 'versions'],
    queryFn: () => read(api.GET('/functions/{id}/versions', { params: { path: { id } } })),
  });
  const fn = useQuery({
    queryKey: [...key, 'function', id, 'canary'],
    refetchInterval: 10_000,
    queryFn: () => read(api.GET('/functions/{id}', { params: { path: { id } } })),
  });
  const activate = useMutation({
    mutationFn: (number: number) =>
      read(
        api.POST('/functions/{id}/versions/{number}/activate', {
          params: { path: { id, number: String(number) } },
        }),
      ),
    onSuccess: (_, number) => {
      say(t('deploy.done', { version: String(number) }));
      return queries.invalidateQueries({ queryKey: [...key, 'function', id] });
    },
  });
  const split = useMutation({
    mutationFn: (version: number) =>
      read(
        api.PUT('/functions/{id}/canary', {
          params: { path: { id } },
          body: { version, percent: FIRST_PERCENT, sticky_header: null },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...key, 'function', id] }),
  });
  return (
    <div className="pane">
      {fn.data === undefined ? null : <CanaryPanel key={fn.data.canary?.percent} fn={fn.data} />}
      <Wrong error={activate.error ?? split.error} />
      <Answered query={query}>
        {({ data }) => (
          <div className="table-wrap">
            <table className="table">
              <thead>
                <tr>
                  <th>{t('versions.version')}</th>
                  <th className="wide-only">{t('versions.note')}</th>
                  <th className="wide-only">{t('functions.runtime')}</th>
                  <th className="number wide-only">{t('versions.size')}</th>
                  <th className="number">{t('versions.made')}</th>
                  <th>
                    <span className="unseen">{t('versions.actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map((version) => (
                  <tr key={version.number}>
                    <td className="nowrap">
                      {version.active ? (
                        <StatusMark tone="good">
                          {t('versions.live', { number: String(version.number) })}
                        </StatusMark>
                      ) : (
                        <span className="mono">{version.number}</span>
                      )}
                    </td>
                    <td className="cut wide-only">{version.note ?? <span className="quiet">–</span>}</td>
                    <td className="mono quiet wide-only nowrap">{version.runtime}</td>
                    <td className="number mono wide-only">{bytesText(version.bytes)}</td>
                    <td className="number nowrap">
                      <When at={version.created_at} />
                    </td>
                    <td>
                      <div className="row end-row">
                        {version.number > 1 ? (
                          <button
                            type="button"
                            className="button plain"
                            onClick={() => void navigate({ search: { show: version.number } })}
                          >
                            {t('versions.difference')}
                          </button>
                        ) : null}
                        {version.active || !mayUpdate || fn.data?.canary !== null ? null : (
                          <button
                            type="button"
                            className="button plain"
                            disabled={split.isPending}
                            onClick={() => split.mutate(version.number)}
                          >
                            {t('canary.begin')}
                          </button>
                        )}
                        {version.active || !mayUpdate ? null : (
                          <button
                            type="button"
                            className="button"
                            disabled={activate.isPending}
                            onClick={() => activate.mutate(version.number)}
                          >
                            {t('versions.activate')}
                          </button>
                        )}
                      </div>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answered>
      {search.show === undefined ? null : <Difference id={id} number={search.show} />}
    </div>
  );
}

function Difference({ id, number }: { id: string; number: number }) {
  const { api, key } = useWhere();
  const query = useQuery({
    queryKey: [...key, 'function', id, 'difference', number],
    queryFn: () =>
      read(
        api.GET('/functions/{id}/versions/{from}/diff/{to}', {
          params: { path: { id, from: String(number - 1), to: String(number) } },
        }),
      ),
  });
  return (
    <section style={{ marginTop: 24 }} aria-live="polite">
      <h2>{t('versions.between', { from: String(number - 1), to: String(number) })}</h2>
      <Answered query={query}>
        {({ files, settings }) => (
          <div className="stack" style={{ marginTop: 8 }}>
            {files.length === 0 && Object.keys(settings).length === 0 ? (
              <p className="quiet">{t('versions.same')}</p>
            ) : null}
            {Object.entries(settings).map(([name, { from, to }]) => (
              <p key={name}>
                <code>{name}</code>: <code>{JSON.stringify(from)}</code> → <code>{JSON.stringify(to)}</code>
              </p>
            ))}
            {files.map((file) => (
              <figure key={file.path}>
                <figcaption className="mono strong">
                  {file.path} <span className="quiet">{t(`versions.${file.change}`)}</span>
                </figcaption>
                {file.patch === null ? (
                  <p className="quiet">{t('versions.noPatch')}</p>
                ) : (
                  <Patch text={file.patch} />
                )}
              </figure>
            ))}
          </div>
        )}
      </Answered>
    </section>
  );
}
