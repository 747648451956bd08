// Is the installation well? What the doctor finds, sandboxes and what waits for them, engines, the master
// key, accounts that are being deleted.
import { useQuery } from '@tanstack/react-query';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered } from '../../design/states.tsx';
import { StatusMark, type Tone } from '../../design/status-mark.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { currentLocale, t } from '../../texts/translate.ts';
import { platformQuery } from './operator-requests.ts';
import './operator.css';

const TONES: Record<'ok' | 'warning' | 'missing', Tone> = { ok: 'good', warning: 'warn', missing: 'bad' };

export function PlatformPage() {
  const query = useQuery(platformQuery(useWhere()));
  const number = new Intl.NumberFormat(currentLocale());
  return (
    <Answered isPage query={query}>
      {({ platform, runtimes, keys, deletions }) => {
        const bad = platform.findings.filter(({ state }) => state !== 'ok').length;
        return (
          <Page
            title={t('room.platform')}
            heading={bad === 0 ? t('platform.well') : t('platform.looks', { count: bad })}
            sentence={t('platform.sentence', { sandbox: platform.sandbox })}
          >
            <dl className="uses">
              <Fact name={t('platform.instances')}>{number.format(platform.instances)}</Fact>
              <Fact name={t('platform.idle')}>{number.format(platform.idle)}</Fact>
              <Fact name={t('platform.waiting')}>{number.format(platform.waiting)}</Fact>
              <Fact name={t('platform.promised')}>{number.format(platform.promised_mb)} MB</Fact>
              <Fact name={t('platform.key')}>
                {t(keys.rotating ? 'platform.rotating' : 'platform.keyStill')}
              </Fact>
            </dl>
            <section className="operator-part">
              <h2>{t('platform.findings')}</h2>
              <Table
                columns={[
                  { text: t('events.state') },
                  { text: t('platform.subject') },
                  { text: t('platform.told') },
                ]}
              >
                {platform.findings.map(({ subject, state, told, remedy }) => (
                  <tr key={subject + told}>
                    <td>
                      <StatusMark tone={TONES[state]}>{t(`platform.state.${state}`)}</StatusMark>
                    </td>
                    <td className="nowrap">{subject}</td>
                    <td className="told">
                      {told}
                      {remedy === null ? null : <div className="quiet">{remedy}</div>}
                    </td>
                  </tr>
                ))}
              </Table>
            </section>
            <section className="operator-part">
              <h2>{t('platform.runtimes')}</h2>
              <Table
                columns={[
                  { text: t('platform.runtime') },
                  { text: t('platform.version') },
                  { text: t('platform.problem'), className: 'wide-only' },
                ]}
              >
                {runtimes.map(({ code, version, substituted, problem }) => (
                  <tr key={code}>
                    <td className="mono">{code}</td>
                    <td className="mono">
                      {version ?? '–'}
                      {substituted ? <span className="tag">{t('platform.substituted')}</span> : null}
                    </td>
                    <td className="quiet wide-only told">{problem}</td>
                  </tr>
                ))}
              </Table>
            </section>
            {deletions.length === 0 ? null : (
              <section className="operator-part">
                <h2>{t('platform.deletions')}</h2>
                <Table
                  columns={[
                    { text: t('accounts.id') },
                    { text: t('platform.asked') },
                    { text: t('platform.done') },
                  ]}
                >
                  {deletions.map((one) => (
                    <tr key={one.account_id}>
                      <td className="mono">{one.account_id}</td>
                      <td>
                        <When at={one.requested_at} />
                      </td>
                      <td>
                        <When at={one.ended_at} />
                      </td>
                    </tr>
                  ))}
                </Table>
              </section>
            )}
          </Page>
        );
      }}
    </Answered>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="mono">{children}</dd>
    </div>
  );
}
