// Flows of the account: what starts each, whether it is on, how many steps it has.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { flowsQuery } from './source-requests.ts';
import { SourceTabs } from './source-tabs.tsx';

export function FlowsPage() {
  const where = useWhere();
  const { account, mode } = where;
  const query = useQuery(flowsQuery(where));
  return (
    <Page title={t('room.sources')} sentence={t('flows.sentence')}>
      <SourceTabs />
      <Answered query={query}>
        {(flows) =>
          flows.length === 0 ? (
            <Empty title={t('flows.none')}>
              <span className="quiet">{t('flows.noneNext')}</span>
            </Empty>
          ) : (
            <Table
              isLinked
              columns={[
                { text: t('events.state') },
                { text: t('variables.name') },
                { text: t('flows.starts'), className: 'wide-only' },
                { text: t('flows.nodes'), className: 'number' },
                { text: t('values.changed'), className: 'number wide-only' },
              ]}
            >
              {flows.map((flow) => (
                <tr key={flow.id}>
                  <td>
                    <StatusMark tone={flow.enabled ? 'good' : 'off'}>
                      {t(flow.enabled ? 'subscriptions.on' : 'subscriptions.off')}
                    </StatusMark>
                  </td>
                  <td className="name strong">
                    <Link
                      data-row
                      className="row-link"
                      to="/$account/$mode/sources/flows/$id"
                      params={{ account, mode, id: flow.id }}
                    >
                      {flow.name}
                    </Link>
                  </td>
                  <td className="name mono wide-only">{flow.starts.join(', ')}</td>
                  <td className="number mono">{flow.nodes.length}</td>
                  <td className="number nowrap wide-only">
                    <When at={flow.modified_at} />
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Answered>
    </Page>
  );
}
