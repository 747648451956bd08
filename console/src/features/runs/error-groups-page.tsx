// What fails, and since when: errors that are alike as one row, the most frequent first.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { errorGroupsQuery } from './error-group-requests.ts';
import { ERROR_RANGES, type ErrorRange } from './error-ranges.ts';
import { functionNames } from './run-requests.ts';
import { RunTabs } from './run-tabs.tsx';
import './runs.css';

const HERE = '/$account/$mode/runs/errors';

export function ErrorGroupsPage() {
  const where = useWhere();
  const { account, mode } = where;
  const { range = '24h', fn } = useSearch({ from: HERE });
  const query = useQuery(errorGroupsQuery(where, range, fn ?? null));
  const names = useQuery(functionNames(where)).data ?? new Map<string, string>();
  return (
    <Page title={t('room.runs')} sentence={t('errors.sentence')}>
      <RunTabs />
      <Choices names={names} />
      <Answered query={query}>
        {(groups) =>
          groups.length === 0 ? (
            <Empty title={t('errors.none')}>
              <span className="quiet">{t('errors.noneNext')}</span>
            </Empty>
          ) : (
            <div className="table-wrap">
              <table className="table linked errors-table">
                <thead>
                  <tr>
                    <th>{t('errors.error')}</th>
                    <th className="column-function wide-only">{t('runs.function')}</th>
                    <th className="number column-took">{t('errors.count')}</th>
                    <th className="wide-only column-took">{t('errors.versions')}</th>
                    <th className="number wide-only column-started">{t('errors.first')}</th>
                    <th className="number column-started">{t('errors.last')}</th>
                  </tr>
                </thead>
                <tbody>
                  {groups.map((group) => (
                    <tr key={group.id}>
                      <td className="one-line" title={group.message}>
                        {isNew(group.first_seen_at) ? <span className="tag">{t('errors.new')}</span> : null}
                        <Link
                          data-row
                          className="row-link"
                          to="/$account/$mode/runs/errors/$group"
                          params={{ account, mode, group: group.id }}
                          search={{ range }}
                        >
                          <span className="strong">{group.type}</span>{' '}
                          <span className="quiet">{group.message}</span>
                        </Link>
                      </td>
                      <td className="one-line wide-only">
                        {names.get(group.function_id) ?? t('runs.functionGone')}
                      </td>
                      <td className="number mono">{group.count}</td>
                      <td className="mono wide-only">{group.versions.join(', ')}</td>
                      <td className="number nowrap wide-only">
                        <When at={group.first_seen_at} />
                      </td>
                      <td className="number nowrap">
                        <When at={group.last_seen_at} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answered>
    </Page>
  );
}

const NEW_MS = 86_400_000;

function isNew(at: string): boolean {
  return Date.now() - Date.parse(at) < NEW_MS;
}

function Choices({ names }: { names: ReadonlyMap<string, string> }) {
  const { range = '24h', fn = '' } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const go = (to: { range: ErrorRange; fn: string }) =>
    void navigate({ search: { range: to.range, ...(to.fn === '' ? {} : { fn: to.fn }) } });
  return (
    <div className="filter">
      <select
        data-filter
        className="input"
        aria-label={t('runs.function')}
        value={fn}
        onChange={({ target }) => go({ range, fn: target.value })}
      >
        <option value="">{t('dead.everyFunction')}</option>
        {[...names].map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('numbers.range')}
        value={range}
        onChange={({ target }) => go({ range: target.value as ErrorRange, fn })}
      >
        {(Object.keys(ERROR_RANGES) as ErrorRange[]).map((one) => (
          <option key={one} value={one}>
            {t(`numbers.range.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
