// E-mail templates of the account: what sends each, and to whom.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { templatesQuery } from './source-requests.ts';
import { SourceTabs } from './source-tabs.tsx';

export function TemplatesPage() {
  const where = useWhere();
  const { account, mode } = where;
  const query = useQuery(templatesQuery(where));
  return (
    <Page title={t('room.sources')} sentence={t('templates.sentence')}>
      <SourceTabs />
      <Answered query={query}>
        {(templates) =>
          templates.length === 0 ? (
            <Empty title={t('templates.none')}>
              <span className="quiet">{t('templates.noneNext')}</span>
            </Empty>
          ) : (
            <Table
              isLinked
              columns={[
                { text: t('events.state') },
                { text: t('variables.name') },
                { text: t('templates.subject'), className: 'wide-only' },
                { text: t('templates.sentBy'), className: 'wide-only' },
                { text: t('values.changed'), className: 'number' },
              ]}
            >
              {templates.map((one) => (
                <tr key={one.id}>
                  <td>
                    <StatusMark tone={one.enabled ? 'good' : 'off'}>
                      {t(one.enabled ? 'subscriptions.on' : 'subscriptions.off')}
                    </StatusMark>
                  </td>
                  <td className="name strong">
                    <Link
                      data-row
                      className="row-link"
                      to="/$account/$mode/sources/templates/$id"
                      params={{ account, mode, id: one.id }}
                    >
                      {one.name}
                    </Link>
                  </td>
                  <td className="name wide-only">{one.template_subject}</td>
                  <td className="name mono wide-only">
                    {one.template_trigger === 'api_direct'
                      ? t('trigger.api_direct')
                      : (one.event_filter ?? []).join(', ')}
                  </td>
                  <td className="number nowrap">
                    <When at={one.modified_at} />
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
