// Settings of the account: networks that its functions may not reach, and mail servers that its mails go
// through.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read, readWithTag } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { MailProfiles } from './mail-profiles.tsx';
import './account.css';

export function AccountSettingsPage() {
  return (
    <Page title={t('room.settings')} sentence={t('account.sentence')}>
      <div className="account-settings">
        <Egress />
        <MailProfiles />
      </div>
    </Page>
  );
}

function Egress() {
  const { api, account } = useWhere();
  const query = useQuery({
    queryKey: [account, 'egress'],
    retry: false,
    refetchOnWindowFocus: false,
    queryFn: () => readWithTag(api.GET('/account/egress')),
  });
  return (
    <section>
      <h2>{t('account.egress')}</h2>
      <p className="quiet">{t('account.egressExplain')}</p>
      <Answered query={query} lines={3}>
        {({ data, tag }) => (
          <>
            {data.operator_deny.length === 0 ? null : (
              <p className="quiet">
                {t('account.operatorDeny')} <span className="mono">{data.operator_deny.join(', ')}</span>
              </p>
            )}
            <EgressForm key={tag} deny={data.deny} tag={tag} />
          </>
        )}
      </Answered>
    </section>
  );
}

function EgressForm({ deny, tag }: { deny: readonly string[]; tag: string | null }) {
  const { api, account } = useWhere();
  const say = useToast();
  const queries = useQueryClient();
  const mayChange = useMay('accounts', 'update');
  const [text, setText] = useState(deny.join('\n'));
  const save = useMutation({
    mutationFn: () =>
      read(
        api.PUT('/account/egress', {
          ...(tag === null ? {} : { params: { header: { 'If-Match': tag } } }),
          body: { deny: text.split(/\s+/).filter((line) => line !== '') },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [account, 'egress'] });
      say(t('settings.saved'));
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field
        label={t('account.deny')}
        hint={t('account.denyHint')}
        wrong={save.error === null ? null : save.error.message}
      >
        {(wiring) => (
          <textarea
            {...wiring}
            rows={4}
            readOnly={!mayChange}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
      {mayChange ? (
        <div>
          <button type="submit" className="button" disabled={save.isPending || text === deny.join('\n')}>
            {t('action.save')}
          </button>
        </div>
      ) : (
        <Wrong error={null} />
      )}
    </form>
  );
}
