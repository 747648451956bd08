// The split of a function's runs over two versions: how it stands, what came of the runs of each, and the
// ways on or back. Called by versions-page.tsx.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read, type Schemas } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { tookText } from '../../design/moment.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';

type HostedFunction = Schemas['Function'];
type Run = Schemas['Run'];
const LOOKED_AT = 500;

export function CanaryPanel({ fn }: { fn: HostedFunction }) {
  const { api, key } = useWhere();
  const queries = useQueryClient();
  const mayUpdate = useMay('hosted_functions', 'update');
  const { canary } = fn;
  const [percent, setPercent] = useState(String(canary?.percent ?? ''));
  const params = { path: { id: fn.id } };
  const change = useMutation({
    mutationFn: (what: 'set' | 'promote' | 'end'): Promise<unknown> => {
      if (what === 'promote') return read(api.POST('/functions/{id}/canary/promote', { params }));
      if (what === 'end' || canary === null) return read(api.DELETE('/functions/{id}/canary', { params }));
      const body = { ...canary, percent: Number(percent) };
      return read(api.PUT('/functions/{id}/canary', { params, body }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [...key, 'function', fn.id] }),
  });
  if (canary === null) return null;
  const version = String(canary.version);
  return (
    <section className="canary stack" aria-labelledby="canary">
      <h2 id="canary">{t('canary.title')}</h2>
      <p>
        {t('canary.state', { version, percent: String(canary.percent), active: String(fn.version) })}{' '}
        <span className="quiet">{t('canary.explain')}</span>
      </p>
      <Numbers id={fn.id} versions={[fn.version, canary.version]} />
      {mayUpdate ? (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate('set');
          }}
        >
          <Field label={t('canary.percent')}>
            {(wiring) => (
              <input
                {...wiring}
                type="number"
                min={0}
                max={100}
                required
                value={percent}
                onChange={({ target }) => setPercent(target.value)}
              />
            )}
          </Field>
          <button type="submit" className="button" disabled={change.isPending}>
            {t('canary.set')}
          </button>
          <button type="button" className="button primary" onClick={() => change.mutate('promote')}>
            {t('canary.promote', { version })}
          </button>
          <button type="button" className="button danger" onClick={() => change.mutate('end')}>
            {t('canary.end')}
          </button>
        </form>
      ) : null}
      <Wrong error={change.error} />
    </section>
  );
}

/** What came of the latest runs, by version. */
function Numbers({ id, versions }: { id: string; versions: readonly number[] }) {
  const { api, key } = useWhere();
  const { data } = useQuery({
    queryKey: [...key, 'function', id, 'canary-runs'],
    refetchInterval: 5_000,
    queryFn: () =>
      read(api.GET('/functions/{id}/runs', { params: { path: { id }, query: { limit: LOOKED_AT } } })),
  });
  const runs = (data?.data ?? []).filter((run) => !run.test);
  return (
    <div className="table-wrap">
      <table className="table">
        <caption className="quiet">{t('canary.numbers', { count: runs.length })}</caption>
        <thead>
          <tr>
            <th>{t('versions.version')}</th>
            <th className="number">{t('canary.runs')}</th>
            <th className="number">{t('canary.bad')}</th>
            <th className="number">{t('canary.median')}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => {
            const its = numbersOf(runs.filter((run) => run.version === version));
            return (
              <tr key={version}>
                <td className="mono">{version}</td>
                <td className="number mono">{its.total}</td>
                <td className={its.bad > 0 ? 'number mono bad' : 'number mono'}>{its.bad}</td>
                <td className="number mono">{tookText(its.medianMs)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const FINE = ['succeeded', 'cancelled', 'queued', 'running'];

function numbersOf(runs: readonly Run[]) {
  const took = runs.flatMap((run) => run.duration_ms ?? []).sort((a, b) => a - b);
  return {
    total: runs.length,
    bad: runs.filter((run) => !FINE.includes(run.status)).length,
    medianMs: took[Math.floor(took.length / 2)] ?? null,
  };
}
