// All functions with their health at one glance: does each run, how often it fails, how long it takes.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { loadLazily } from '../../design/load-lazily.ts';
import { tookText, When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { useFunctionAddress, usePortal } from '../../shell/shown.ts';
import { t } from '../../texts/translate.ts';
import {
  functionsQuery,
  type Health,
  type HostedFunction,
  healthOf,
  healthQuery,
} from './function-requests.ts';
import { FunctionStatus } from './function-status.tsx';
import './functions.css';

const NewFunction = loadLazily(() => import('./new-function.tsx').then((loaded) => loaded.NewFunction));

export function FunctionsPage() {
  const where = useWhere();
  const search = useSearch({ from: '/$account/$mode/functions' });
  const navigate = useNavigate({ from: '/$account/$mode/functions' });
  const name = search.name ?? '';
  const query = useQuery(functionsQuery(where, name));
  const health = useQuery(healthQuery(where));
  const mayCreate = useMay('hosted_functions', 'create');
  const open = (isOpen: boolean) =>
    void navigate({ search: { ...(name === '' ? {} : { name }), ...(isOpen ? { new: true } : {}) } });
  const create = (
    <button type="button" className="button primary" onClick={() => open(true)}>
      {t('functions.new')}
    </button>
  );
  return (
    <Page title={t('room.functions')} actions={mayCreate ? <Actions>{create}</Actions> : undefined}>
      <div className="filter">
        <input
          data-filter
          className="input typed"
          aria-label={t('functions.filter')}
          placeholder={t('functions.filter')}
          value={name}
          onChange={({ target }) =>
            void navigate({ search: target.value === '' ? {} : { name: target.value }, replace: true })
          }
        />
      </div>
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={t(name === '' ? 'functions.none' : 'functions.noneSuch')}>
              {name === '' ? <span className="quiet">{t('functions.noneNext')}</span> : null}
              {name === '' && mayCreate ? create : null}
            </Empty>
          ) : (
            <FunctionTable
              functions={data}
              health={health.data === undefined ? null : healthOf(health.data)}
            />
          )
        }
      </Answered>
      <Suspense>{search.new ? <NewFunction onClose={() => open(false)} /> : null}</Suspense>
    </Page>
  );
}

/** What there is elsewhere is brought by a page of its own; a portal has none. */
function Actions({ children }: { children: ReactNode }) {
  const { account, mode } = useWhere();
  return (
    <>
      {usePortal() === null ? (
        <Link className="button" to="/$account/$mode/functions/import" params={{ account, mode }}>
          {t('moving.open')}
        </Link>
      ) : null}
      {children}
    </>
  );
}

type TableProps = { functions: readonly HostedFunction[]; health: ReadonlyMap<string, Health> | null };

function FunctionTable({ functions, health }: TableProps) {
  const { account, mode } = useWhere();
  const address = useFunctionAddress(null);
  return (
    <div className="table-wrap">
      <table className="table linked">
        <thead>
          <tr>
            <th>{t('functions.name')}</th>
            <th>{t('functions.state')}</th>
            <th className="wide-only">{t('functions.day')}</th>
            <th className="number wide-only">{t('functions.runs')}</th>
            <th className="number wide-only">p95</th>
            <th className="wide-only">{t('functions.runtime')}</th>
            <th className="number wide-only">{t('functions.changed')}</th>
          </tr>
        </thead>
        <tbody>
          {functions.map((one) => {
            const its = health?.get(one.id);
            return (
              <tr key={one.id}>
                <td className="name">
                  <Link
                    data-row
                    className="row-link strong"
                    to={address}
                    params={{ account, mode, id: one.id }}
                  >
                    {one.name}
                  </Link>
                  {one.description === null ? null : <div className="quiet about">{one.description}</div>}
                </td>
                <td>
                  {one.enabled && one.paused_at === null && its !== undefined && its.bad > 0 ? (
                    <StatusMark tone={its.bad === its.total ? 'bad' : 'warn'}>
                      {t('functions.failing', { count: its.bad })}
                    </StatusMark>
                  ) : (
                    <FunctionStatus fn={one} />
                  )}
                </td>
                <td className="wide-only">{its === undefined ? null : <Spark health={its} />}</td>
                <td className="number mono wide-only">{its?.total ?? 0}</td>
                <td className="number mono wide-only">{tookText(its?.p95Ms ?? null)}</td>
                <td className="mono quiet wide-only nowrap">{one.runtime}</td>
                <td className="number wide-only nowrap">
                  <When at={one.modified_at} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const HOURS = 24;
const HOUR_MS = 3_600_000;

/** A bar an hour, its failures at the foot; the words are in the cells beside it. */
function Spark({ health }: { health: Health }) {
  const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const hours = Array.from({ length: HOURS }, (_, hour): [string, [number, number]] => {
    const at = new Date(now - (HOURS - 1 - hour) * HOUR_MS).toISOString();
    return [at, health.byHour.get(at) ?? [0, 0]];
  });
  const most = Math.max(...hours.map(([, [total]]) => total), 1);
  return (
    <span className="spark" aria-hidden="true">
      {hours.map(([at, [total, bad]]) => (
        <i key={at} style={{ height: `${Math.max((100 * total) / most, 10)}%` }}>
          <b style={{ height: total === 0 ? 0 : `${(100 * bad) / total}%` }} />
        </i>
      ))}
    </span>
  );
}
