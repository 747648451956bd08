// Mail servers of the account, by which templates and subscriptions send. A password is sealed and never
// shown.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { Answered, Wrong } from '../../design/states.tsx';
import { SureButton } from '../../design/sure-button.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { MailProfileDialog } from './mail-profile-dialog.tsx';
import { mailProfilesQuery } from './mail-requests.ts';

export function MailProfiles() {
  const where = useWhere();
  const query = useQuery(mailProfilesQuery(where));
  const queries = useQueryClient();
  const mayAdd = useMay('smtp_profiles', 'create');
  const mayDelete = useMay('smtp_profiles', 'delete');
  const [isAdding, setAdding] = useState(false);
  const remove = useMutation({
    mutationFn: (id: string) => read(where.api.DELETE('/smtp_profiles/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: mailProfilesQuery(where).queryKey }),
  });
  return (
    <section>
      <h2>{t('account.mail')}</h2>
      <p className="quiet">{t('account.mailExplain')}</p>
      <Answered query={query} lines={2}>
        {(profiles) =>
          profiles.length === 0 ? (
            <p>{t('account.noMail')}</p>
          ) : (
            <div className="stacked">
              <Table
                columns={[
                  { text: t('variables.name') },
                  { text: t('account.server') },
                  { text: t('account.sender'), className: 'wide-only' },
                  { text: t('people.actions'), className: 'number', isUnseen: true },
                ]}
              >
                {profiles.map((one) => (
                  <tr key={one.id}>
                    <td className="name">
                      <span className="strong">{one.name}</span>
                      {one.is_default ? <span className="tag">{t('account.default')}</span> : null}
                    </td>
                    <td className="mono name">
                      {one.host}:{one.port}
                    </td>
                    <td className="name wide-only">{one.sender}</td>
                    <td className="number">
                      {mayDelete ? (
                        <SureButton
                          text={t('action.delete')}
                          sure={t('tokens.deleteSure')}
                          label={t('values.deleteOf', { name: one.name })}
                          onSure={() => remove.mutate(one.id)}
                        />
                      ) : null}
                    </td>
                  </tr>
                ))}
              </Table>
            </div>
          )
        }
      </Answered>
      {mayAdd ? (
        <button type="button" className="button add-mail" onClick={() => setAdding(true)}>
          {t('account.addMail')}
        </button>
      ) : null}
      <Wrong error={remove.error} />
      {isAdding ? <MailProfileDialog onClose={() => setAdding(false)} /> : null}
    </section>
  );
}
