// Where the person is signed in: each session with its browser and address, and the way to end it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { millraceOf, read } from '../../api/millrace.ts';
import { When } from '../../design/moment.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { t } from '../../texts/translate.ts';
import { browserOf } from './browser-of.ts';
import { sessionsQuery } from './you-requests.ts';

export function SessionPart() {
  const queries = useQueryClient();
  const query = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: string | null): Promise<unknown> =>
      id === null
        ? read(millraceOf(null).DELETE('/sessions'))
        : read(millraceOf(null).DELETE('/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  return (
    <section className="you-part" aria-labelledby="sessions">
      <h2 id="sessions">{t('you.sessions')}</h2>
      <Answered query={query} lines={3}>
        {({ data }) => (
          <div className="table-wrap">
            <table className="table">
              <thead>
                <tr>
                  <th>{t('you.browser')}</th>
                  <th className="wide-only">{t('you.way')}</th>
                  <th className="wide-only">{t('you.address')}</th>
                  <th>{t('you.used')}</th>
                  <th className="number">
                    <span className="unseen">{t('people.actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map((one) => (
                  <tr key={one.id}>
                    <td title={one.user_agent ?? undefined}>
                      {browserOf(one.user_agent) ?? t('you.unknownBrowser')}
                    </td>
                    <td className="wide-only">{t(`you.way.${one.way}`)}</td>
                    <td className="mono wide-only">{one.address}</td>
                    <td>
                      <When at={one.last_used_at} />
                    </td>
                    <td className="number">
                      {one.current ? (
                        <span className="quiet">{t('you.thisOne')}</span>
                      ) : (
                        <button
                          type="button"
                          className="button plain danger"
                          onClick={() => end.mutate(one.id)}
                        >
                          {t('you.end')}
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answered>
      <Wrong error={end.error} />
      {(query.data?.data.length ?? 0) > 1 ? (
        <button type="button" className="button" onClick={() => end.mutate(null)}>
          {t('you.endOthers')}
        </button>
      ) : null}
    </section>
  );
}
