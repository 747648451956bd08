// What the account may use: limits of time and number, and how many things of each kind it may have. Only the
// operator changes them. Called by the page of usage.
import { useQuery } from '@tanstack/react-query';
import { bytesText } from '../../design/moment.tsx';
import { Answered } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { currentLocale, t } from '../../texts/translate.ts';
import { limitsQuery, nowQuery } from './usage-requests.ts';

const LIMITS = [
  'runs_per_minute',
  'execution_seconds_per_minute',
  'concurrent_runs',
  'queued_runs',
  'payload_bytes',
] as const;

export function LimitTables() {
  const where = useWhere();
  const query = useQuery(limitsQuery(where));
  const now = useQuery(nowQuery(where)).data;
  const number = (value: number) => new Intl.NumberFormat(currentLocale()).format(value);
  const used: Partial<Record<(typeof LIMITS)[number], number>> =
    now === undefined ? {} : { runs_per_minute: now.runs, execution_seconds_per_minute: now.seconds };
  return (
    <section className="limits">
      <h2>{t('limits.title')}</h2>
      <p className="quiet">{t('limits.explain')}</p>
      <Answered query={query} lines={5}>
        {(limits) => (
          <>
            <Table
              columns={[
                { text: t('limits.limit') },
                { text: t('limits.allowed'), className: 'number' },
                { text: t('limits.used'), className: 'number wide-only' },
              ]}
            >
              {LIMITS.map((one) => {
                const value = limits[one];
                const shown = one === 'payload_bytes' ? bytesText(value) : number(value ?? 0);
                return (
                  <tr key={one}>
                    <td>
                      {t(`limits.${one}`)}
                      <div className="quiet">{t(`limits.${one}.beyond`)}</div>
                    </td>
                    <td className="number mono">{value === null ? t('limits.no') : shown}</td>
                    <td className="number mono wide-only">
                      {used[one] === undefined ? '' : number(Math.round(used[one]))}
                    </td>
                  </tr>
                );
              })}
            </Table>
            <h2>{t('limits.bounds')}</h2>
            <p className="quiet">{t('limits.boundsExplain')}</p>
            <dl className="bounds">
              {Object.entries(limits.bounds).map(([name, value]) => (
                <div key={name}>
                  <dt className="mono">{name}</dt>
                  <dd className="mono">{name.includes('bytes') ? bytesText(value) : number(value)}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </Answered>
    </section>
  );
}
