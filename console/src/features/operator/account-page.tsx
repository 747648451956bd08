// One account, as its operator sees it: whether it is served, what it may use and uses, and a link into it
// for a product's own people.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { SureButton } from '../../design/sure-button.tsx';
import { useWhere } from '../../shell/scope.ts';
import { currentLocale, t } from '../../texts/translate.ts';
import { AccountLimits } from './account-limits.tsx';
import { AccountStatus } from './account-status.tsx';
import { type Account, accountQuery, operatorApi, operatorKey } from './operator-requests.ts';
import { PortalDialog } from './portal-dialog.tsx';
import './operator.css';

export function AccountPage() {
  const { id } = useParams({ from: '/$account/$mode/operator/accounts/$id' });
  const query = useQuery(accountQuery(useWhere(), id));
  return (
    <Answered isPage query={query}>
      {(account) => <OneAccount account={account} />}
    </Answered>
  );
}

function OneAccount({ account }: { account: Account }) {
  const [isLinking, setLinking] = useState(false);
  const number = new Intl.NumberFormat(currentLocale());
  return (
    <Page
      title={account.name ?? account.id}
      heading={
        <>
          {account.name ?? account.id} <AccountStatus status={account.status} />
        </>
      }
      sentence={
        <>
          <span className="mono">{account.id}</span>
          {account.external_id === null ? '' : ` · ${t('accounts.external')} ${account.external_id}`} ·{' '}
          {t('accounts.made')} <When at={account.created_at} />
          {account.status_reason === null ? '' : ` · ${account.status_reason}`}
          {Object.entries(account.labels).map(([name, value]) => (
            <span key={name} className="tag">
              {name}: {value}
            </span>
          ))}
        </>
      }
    >
      <StatusActions account={account} onLink={() => setLinking(true)} />
      <AccountLimits key={account.modified_at} account={account} />
      <section className="operator-part">
        <h2>{t('accounts.use')}</h2>
        <dl className="uses">
          {Object.entries(account.use).map(([name, used]) => (
            <div key={name}>
              <dt className="mono">{name}</dt>
              <dd className="mono">
                {number.format(used)}
                {account.bounds[name] === undefined
                  ? ''
                  : ` ${t('run.of')} ${number.format(account.bounds[name])}`}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {isLinking ? <PortalDialog account={account} onClose={() => setLinking(false)} /> : null}
    </Page>
  );
}

type ActionProps = { account: Account; onLink: () => void };

function StatusActions({ account: { id, status }, onLink }: ActionProps) {
  const where = useWhere();
  const queries = useQueryClient();
  const api = operatorApi(where);
  const params = { path: { id } };
  const again = () => queries.invalidateQueries({ queryKey: operatorKey(where) });
  const suspend = useMutation({
    mutationFn: () => read(api.POST('/operator/accounts/{id}/suspend', { params, body: {} })),
    onSuccess: again,
  });
  const resume = useMutation({
    mutationFn: () => read(api.POST('/operator/accounts/{id}/resume', { params, body: {} })),
    onSuccess: again,
  });
  const close = useMutation({
    mutationFn: () => read(api.POST('/operator/accounts/{id}/close', { params, body: {} })),
    onSuccess: again,
  });
  const restore = useMutation({
    mutationFn: () => read(api.POST('/operator/accounts/{id}/restore', { params, body: {} })),
    onSuccess: again,
  });
  return (
    <>
      <div className="row">
        <button type="button" className="button primary" disabled={status !== 'active'} onClick={onLink}>
          {t('accounts.portalLink')}
        </button>
        {status === 'active' ? (
          <SureButton
            text={t('accounts.suspend')}
            sure={t('accounts.suspendSure')}
            onSure={() => suspend.mutate()}
          />
        ) : null}
        {status === 'suspended' ? (
          <button type="button" className="button" onClick={() => resume.mutate()}>
            {t('accounts.resume')}
          </button>
        ) : null}
        {status === 'closed' ? (
          <button type="button" className="button" onClick={() => restore.mutate()}>
            {t('accounts.restore')}
          </button>
        ) : (
          <SureButton
            text={t('accounts.close')}
            sure={t('accounts.closeSure')}
            onSure={() => close.mutate()}
          />
        )}
      </div>
      <Wrong error={suspend.error ?? resume.error ?? close.error ?? restore.error} />
    </>
  );
}
