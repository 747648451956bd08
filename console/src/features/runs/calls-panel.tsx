// Whom a run has called, as the kernel has it: each connection, refused ones too, and what isn't shown and
// why. Bounded by the API: the first hundred. Called by run-page.tsx.
import { useQuery } from '@tanstack/react-query';
import { bytesText, clockTime, tookText } from '../../design/moment.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type Calls, callsQuery, type Run } from './run-requests.ts';

export function CallsPanel({ run }: { run: Run }) {
  const query = useQuery(callsQuery(useWhere(), run));
  return (
    <Answered query={query} lines={3}>
      {(calls) => (
        <>
          <Gaps calls={calls} />
          {calls.data.length > 0 ? <CallTable calls={calls.data} /> : null}
          {calls.data.length === 0 && calls.unseen === null ? <Empty title={t('calls.none')} /> : null}
          <p className="quiet">{t('calls.byKernel')}</p>
        </>
      )}
    </Answered>
  );
}

/** What is missing in the list, in words. */
function Gaps({ calls: { unseen, left_out: leftOut, incomplete } }: { calls: Calls }) {
  return (
    <>
      {unseen === null ? null : <p className="notice warn">{t(`calls.unseen.${unseen}`)}</p>}
      {leftOut === 0 ? null : <p className="notice warn">{t('calls.leftOut', { count: leftOut })}</p>}
      {incomplete ? <p className="notice warn">{t('calls.incomplete')}</p> : null}
    </>
  );
}

function CallTable({ calls }: { calls: Calls['data'] }) {
  return (
    <Table
      columns={[
        { text: t('calls.at'), className: 'wide-only' },
        { text: t('calls.to') },
        { text: t('calls.protocol'), className: 'wide-only' },
        { text: t('calls.verdict') },
        { text: t('calls.sent'), className: 'number wide-only' },
        { text: t('calls.received'), className: 'number wide-only' },
        { text: t('calls.took'), className: 'number' },
      ]}
    >
      {calls.map((call) => (
        <tr key={[call.attempt, call.at, call.protocol, call.address, call.port, call.verdict].join(' ')}>
          <td className="mono nowrap wide-only">{clockTime(call.at)}</td>
          <td className="call-to">
            {call.host === null ? null : <span className="mono">{call.host} </span>}
            <span className={call.host === null ? 'mono' : 'mono quiet'}>
              {addressText(call.address, call.port)}
            </span>
          </td>
          <td className="wide-only">{call.protocol.toUpperCase()}</td>
          <td>
            <Verdict call={call} />
          </td>
          <td className="number mono wide-only">{bytesText(call.bytes_sent)}</td>
          <td className="number mono wide-only">{bytesText(call.bytes_received)}</td>
          <td className="number mono">{tookText(call.duration_ms)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Verdict({ call }: { call: Calls['data'][number] }) {
  const notes = [
    ...(call.times > 1 ? [t('calls.times', { count: call.times })] : []),
    ...(call.phase === 'run' ? [] : [t(`calls.phase.${call.phase}`)]),
    ...(call.reused ? [t('calls.reused')] : []),
    ...(call.shared ? [t('calls.shared')] : []),
  ];
  return (
    <>
      <StatusMark tone={call.verdict === 'allowed' ? 'good' : 'bad'}>
        {t(call.verdict === 'allowed' ? 'calls.allowed' : 'calls.refused')}
      </StatusMark>
      {call.verdict === 'allowed' ? null : <span className="quiet wide-only"> {t('calls.byRules')}</span>}
      {notes.length === 0 ? null : <span className="quiet"> · {notes.join(' · ')}</span>}
    </>
  );
}

function addressText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
