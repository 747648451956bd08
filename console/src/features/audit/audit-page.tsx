// Who signed in, who was refused, and what was changed of the account's people: newest first, one kind of
// entry where the address names it, older pages on demand.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { millraceOf, read, type Schemas } from '../../api/millrace.ts';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Empty, Failed, Loading } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { AUDIT_ACTIONS, type AuditAction, readAction } from './audit-actions.ts';

const PAGE = 50;

/** What an audit entry is about belongs to both modes: it is asked for as of live. */
export function AuditPage() {
  const { account } = useWhere();
  const { action } = useSearch({ from: '/$account/$mode/audit' });
  const navigate = useNavigate({ from: '/$account/$mode/audit' });
  const api = millraceOf({ account, mode: 'live' });
  const query = useInfiniteQuery({
    queryKey: [account, 'audit', action ?? ''],
    retry: false,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/audit', {
          params: {
            query: {
              limit: PAGE,
              ...(pageParam === null ? {} : { after: pageParam }),
              ...(action === undefined ? {} : { action }),
            },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });
  const users = useQuery({
    queryKey: [account, 'audit', 'names'],
    retry: false,
    queryFn: () => read(api.GET('/users', { params: { query: { limit: 100 } } })),
  });
  const nameOf = (id: string | null) =>
    users.data?.data.find((user) => user.id === id)?.name ?? id ?? t('audit.nobody');
  const entries = query.data?.pages.flatMap(({ data }) => data);
  return (
    <Page title={t('room.audit')} sentence={t('audit.sentence')}>
      <div className="filter">
        <select
          data-filter
          className="input"
          aria-label={t('audit.kind')}
          value={action ?? ''}
          onChange={({ target }) =>
            void navigate({ search: readAction({ action: target.value }), replace: true })
          }
        >
          <option value="">{t('audit.every')}</option>
          {AUDIT_ACTIONS.map((one) => (
            <option key={one} value={one}>
              {wordsOf(one)}
            </option>
          ))}
        </select>
      </div>
      {query.error === null ? null : <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.isPending ? <Loading /> : null}
      {entries?.length === 0 ? <Empty title={t('audit.none')} /> : null}
      {entries === undefined || entries.length === 0 ? null : (
        <Table
          columns={[
            { text: t('audit.what') },
            { text: t('audit.who') },
            { text: t('audit.from'), className: 'wide-only' },
            { text: t('audit.when'), className: 'number' },
          ]}
        >
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td className="name">
                {wordsOf(entry.action)}
                <div className="quiet">{detailOf(entry)}</div>
              </td>
              <td>{nameOf(entry.user_id)}</td>
              <td className="mono quiet wide-only">{entry.address}</td>
              <td className="number nowrap">
                <When at={entry.at} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {query.hasNextPage ? (
        <button
          type="button"
          className="button"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('audit.older')}
        </button>
      ) : null}
    </Page>
  );
}

/** One that is newer than this page is shown as the API names it. */
function wordsOf(action: string): string {
  const known = AUDIT_ACTIONS.find((one): one is AuditAction => one === action);
  return known === undefined ? action : t(`audit.${known}`);
}

/** What a reader recognizes of it; ids are in the API. */
function detailOf({ resource, target, before, after }: Schemas['AuditEntry']): string {
  const words = ['name', 'email', 'role', 'way', 'why', 'external_id'].map(
    (name) => (after ?? before)?.[name],
  );
  return [resource, ...words, resource === null ? null : target]
    .filter((value) => typeof value === 'string')
    .join(' · ');
}
