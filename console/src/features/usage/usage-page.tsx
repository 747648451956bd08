// What the account used, day by day, and what it may use: numbers that a bill is made of, limits in words.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { bytesText } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { currentLocale, t } from '../../texts/translate.ts';
import { LimitTables } from './limit-tables.tsx';
import { daysOf, usageAsCsv, usageQuery } from './usage-requests.ts';
import { MONTHS } from './usage-search.ts';
import './usage.css';

const HERE = '/$account/$mode/usage';

export function UsagePage() {
  const where = useWhere();
  const { month = 'this' } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const query = useQuery(usageQuery(where, month));
  const say = useToast();
  const save = async () => {
    try {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await usageAsCsv(where, month));
      link.download = `usage-${where.account}-${daysOf(month).from.slice(0, 7)}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      say((error as Error).message);
    }
  };
  return (
    <Page
      title={t('room.usage')}
      sentence={t('usage.sentence')}
      actions={
        <button type="button" className="button" onClick={() => void save()}>
          {t('usage.csv')}
        </button>
      }
    >
      <fieldset className="choices-row">
        <legend className="unseen">{t('usage.month')}</legend>
        {MONTHS.map((one) => (
          <button
            key={one}
            type="button"
            className="button"
            aria-pressed={one === month}
            onClick={() => void navigate({ search: one === 'this' ? {} : { month: one } })}
          >
            {t(`usage.month.${one}`)}
          </button>
        ))}
      </fieldset>
      <Answered query={query}>
        {(days) => (days.length === 0 ? <Empty title={t('usage.none')} /> : <Days days={days} />)}
      </Answered>
      <LimitTables />
    </Page>
  );
}

type Day = {
  date: string;
  runs: number;
  failed_runs: number;
  execution_seconds: number;
  gb_seconds: number;
  bytes_in: number;
  bytes_out: number;
};

function Days({ days }: { days: readonly Day[] }) {
  const sum = (of: (day: Day) => number) => days.reduce((all, day) => all + of(day), 0);
  const number = new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: 1 });
  const most = Math.max(...days.map(({ runs }) => runs), 1);
  const cells = (name: string, of: (value: (day: Day) => number) => number, isSum: boolean) => (
    <tr key={name} className={isSum ? 'sum' : undefined}>
      <td className="nowrap">{name}</td>
      <td className="number mono">{number.format(of(({ runs }) => runs))}</td>
      <td className="number mono">{number.format(of(({ failed_runs: failed }) => failed))}</td>
      <td className="number mono wide-only">{number.format(of((day) => day.execution_seconds))}</td>
      <td className="number mono">{number.format(of((day) => day.gb_seconds))}</td>
      <td className="number mono wide-only">{bytesText(of((day) => day.bytes_in + day.bytes_out))}</td>
      <td className="wide-only share" aria-hidden="true">
        {isSum ? null : <i style={{ width: `${(100 * of(({ runs }) => runs)) / most}%` }} />}
      </td>
    </tr>
  );
  return (
    <Table
      columns={[
        { text: t('usage.day') },
        { text: t('numbers.runs'), className: 'number' },
        { text: t('numbers.failed'), className: 'number' },
        { text: t('usage.seconds'), className: 'number wide-only' },
        { text: t('usage.gbSeconds'), className: 'number' },
        { text: t('usage.bytes'), className: 'number wide-only' },
        { text: t('usage.share'), className: 'wide-only', isUnseen: true },
      ]}
    >
      {cells(t('usage.sum'), sum, true)}
      {[...days].reverse().map((day) => cells(day.date, (of) => of(day), false))}
    </Table>
  );
}
