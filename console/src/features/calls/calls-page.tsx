// Whom the account's functions have called, and were kept from calling: by day, function and destination.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Schemas } from '../../api/millrace.ts';
import { bytesText } from '../../design/moment.tsx';
import { MoreButton } from '../../design/more-button.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { Table } from '../../design/table.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { currentLocale, t } from '../../texts/translate.ts';
import { functionNames } from '../runs/run-requests.ts';
import { callDaysQuery, callsAsCsv } from './call-requests.ts';
import { CALL_DAYS, type CallDays, readCallSearch } from './call-search.ts';

const HERE = '/$account/$mode/calls';
type CallDay = Schemas['EgressDay'];

export function CallsPage() {
  const where = useWhere();
  const search = useSearch({ from: HERE });
  const query = useInfiniteQuery(callDaysQuery(where, search));
  const names = useQuery(functionNames(where)).data ?? new Map<string, string>();
  const say = useToast();
  const save = async () => {
    try {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await callsAsCsv(where, search));
      link.download = `outgoing-calls-${where.account}-${new Date().toISOString().slice(0, 10)}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      say((error as Error).message);
    }
  };
  return (
    <Page
      title={t('room.calls')}
      sentence={t('calls.sentence')}
      actions={
        <button type="button" className="button" onClick={() => void save()}>
          {t('usage.csv')}
        </button>
      }
    >
      <Choices names={names} />
      <Answered query={query}>
        {({ pages }) => {
          const days = pages.flatMap(({ data }) => data);
          if (days.length > 0) return <CallDaysTable days={days} names={names} />;
          return (
            <Empty title={t('calls.none')}>
              <span className="quiet">{t('calls.noneNext')}</span>
            </Empty>
          );
        }}
      </Answered>
      <MoreButton query={query} />
    </Page>
  );
}

function Choices({ names }: { names: ReadonlyMap<string, string> }) {
  const search = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const choose = (change: Record<string, unknown>) =>
    void navigate({ search: readCallSearch({ ...search, ...change }), replace: true });
  return (
    <div className="filter">
      <select
        data-filter
        className="input"
        aria-label={t('runs.function')}
        value={search.fn ?? ''}
        onChange={({ target }) => choose({ fn: target.value })}
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
        aria-label={t('calls.verdict')}
        value={search.verdict ?? ''}
        onChange={({ target }) => choose({ verdict: target.value })}
      >
        <option value="">{t('calls.everyVerdict')}</option>
        <option value="allowed">{t('calls.allowed')}</option>
        <option value="refused">{t('calls.refused')}</option>
      </select>
      <select
        className="input"
        aria-label={t('calls.days')}
        value={search.days ?? '7d'}
        onChange={({ target }) => choose({ days: target.value })}
      >
        {(Object.keys(CALL_DAYS) as CallDays[]).map((one) => (
          <option key={one} value={one}>
            {t(`calls.days.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

type TableProps = { days: readonly CallDay[]; names: ReadonlyMap<string, string> };

function CallDaysTable({ days, names }: TableProps) {
  const { account, mode } = useWhere();
  const number = new Intl.NumberFormat(currentLocale());
  return (
    <Table
      columns={[
        { text: t('usage.day') },
        { text: t('runs.function') },
        { text: t('calls.to') },
        { text: t('calls.verdict') },
        { text: t('calls.calls'), className: 'number' },
        { text: t('calls.sent'), className: 'number wide-only' },
        { text: t('calls.received'), className: 'number wide-only' },
      ]}
    >
      {days.map((day) => (
        <tr
          key={[day.date, day.function_id, day.verdict, day.protocol, day.address, day.port, day.host].join(
            ' ',
          )}
        >
          <td className="mono nowrap">{day.date}</td>
          <td className="name">
            <Link to="/$account/$mode/functions/$id/runs" params={{ account, mode, id: day.function_id }}>
              {names.get(day.function_id) ?? day.function_id}
            </Link>
          </td>
          <td className="call-to">
            {day.host === null ? null : <span className="mono">{day.host} </span>}
            <span className={day.host === null ? 'mono' : 'mono quiet'}>{addressOf(day)}</span>
            <span className="quiet wide-only"> {day.protocol.toUpperCase()}</span>
          </td>
          <td>
            <StatusMark tone={day.verdict === 'allowed' ? 'good' : 'bad'}>
              {t(day.verdict === 'allowed' ? 'calls.allowed' : 'calls.refused')}
            </StatusMark>
          </td>
          <td className="number mono">{number.format(day.calls)}</td>
          <td className="number mono wide-only">{bytesText(day.bytes_sent)}</td>
          <td className="number mono wide-only">{bytesText(day.bytes_received)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** One without an address stands for all that are beyond what is kept of a function and day. */
function addressOf({ address, port }: CallDay): string {
  if (address === null || port === null) return t('calls.further');
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
