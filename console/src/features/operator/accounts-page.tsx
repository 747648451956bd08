// Every account of the installation, found by name or id; new ones are made here.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { When } from '../../design/moment.tsx';
import { MoreButton } from '../../design/more-button.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { ACCOUNT_STATUSES, readAccountSearch } from './account-search.ts';
import { AccountStatus } from './account-status.tsx';
import { NewAccount } from './new-account.tsx';
import { accountsQuery } from './operator-requests.ts';

const HERE = '/$account/$mode/operator/accounts';

export function AccountsPage() {
  const where = useWhere();
  const { account, mode } = where;
  const query = useInfiniteQuery(accountsQuery(where, useSearch({ from: HERE })));
  const [isMaking, setMaking] = useState(false);
  return (
    <Page
      title={t('room.accounts')}
      sentence={t('accounts.sentence')}
      actions={
        <button type="button" className="button primary" onClick={() => setMaking(true)}>
          {t('accounts.new')}
        </button>
      }
    >
      <AccountFilter />
      <Answered query={query}>
        {({ pages }) => {
          const accounts = pages.flatMap(({ data }) => data);
          return accounts.length === 0 ? (
            <Empty title={t('accounts.none')} />
          ) : (
            <Table
              isLinked
              columns={[
                { text: t('events.state') },
                { text: t('variables.name') },
                { text: t('accounts.external'), className: 'wide-only' },
                { text: t('accounts.id') },
                { text: t('accounts.made'), className: 'number wide-only' },
              ]}
            >
              {accounts.map((one) => (
                <tr key={one.id}>
                  <td>
                    <Link
                      data-row
                      className="row-link"
                      to="/$account/$mode/operator/accounts/$id"
                      params={{ account, mode, id: one.id }}
                    >
                      <AccountStatus status={one.status} />
                    </Link>
                  </td>
                  <td className="strong name">
                    {one.name ?? <span className="quiet">{t('tokens.unnamed')}</span>}
                  </td>
                  <td className="mono name wide-only">{one.external_id}</td>
                  <td className="mono">{one.id}</td>
                  <td className="number nowrap wide-only">
                    <When at={one.created_at} />
                  </td>
                </tr>
              ))}
            </Table>
          );
        }}
      </Answered>
      <MoreButton query={query} />
      {isMaking ? <NewAccount onClose={() => setMaking(false)} /> : null}
    </Page>
  );
}

function AccountFilter() {
  const { q = '', status = '' } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const [text, setText] = useState(q);
  const go = (to: { q: string; status: string }) =>
    void navigate({ search: readAccountSearch(to), replace: true });
  return (
    <search>
      <form
        className="filter"
        onSubmit={(event) => {
          event.preventDefault();
          go({ q: text.trim(), status });
        }}
      >
        <input
          data-filter
          className="input typed"
          aria-label={t('accounts.find')}
          placeholder={t('accounts.find')}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onBlur={() => text.trim() !== q && go({ q: text.trim(), status })}
        />
        <select
          className="input"
          aria-label={t('events.state')}
          value={status}
          onChange={({ target }) => go({ q, status: target.value })}
        >
          <option value="">{t('events.everyState')}</option>
          {ACCOUNT_STATUSES.map((one) => (
            <option key={one} value={one}>
              {t(`accounts.status.${one}`)}
            </option>
          ))}
        </select>
      </form>
    </search>
  );
}
