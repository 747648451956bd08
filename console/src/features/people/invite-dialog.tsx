// Invites a person: address, name, role. Where the installation sends no mail, it shows the link once.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal } from '../../api/millrace.ts';
import { CopyButton } from '../../design/copy-button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { invitationsQuery, invite, ROLES, type Role } from './people-requests.ts';

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const where = useWhere();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('developer');
  const send = useMutation({
    mutationFn: () => invite(where, { email, name, role }),
    onSuccess: () => queries.invalidateQueries({ queryKey: invitationsQuery(where).queryKey }),
  });
  const refusal = send.error instanceof Refusal ? send.error : null;
  const wrongAt = (field: string) => (refusal?.field === field ? refusal.rule : null);
  if (send.data !== undefined) {
    const { link } = send.data;
    return (
      <Dialog title={t('invite.done', { email })} onClose={onClose}>
        {link === null ? (
          <p>{t('invite.mailed')}</p>
        ) : (
          <>
            <p>{t('invite.shown')}</p>
            <code className="shown-once">{link}</code>
            <div className="row">
              <CopyButton text={link} className="button primary">
                {t('people.copyLink')}
              </CopyButton>
            </div>
          </>
        )}
      </Dialog>
    );
  }
  const foot = (
    <button type="submit" className="button primary" disabled={send.isPending}>
      {t('people.invite')}
    </button>
  );
  return (
    <Dialog title={t('invite.title')} onClose={onClose} foot={foot} onSubmit={() => send.mutate()}>
      <Field label={t('signIn.email')} wrong={wrongAt('email')}>
        {(wiring) => (
          <input
            {...wiring}
            type="email"
            required
            value={email}
            onChange={({ target }) => setEmail(target.value)}
          />
        )}
      </Field>
      <Field label={t('people.name')} wrong={wrongAt('name')}>
        {(wiring) => (
          <input {...wiring} required value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <Field label={t('people.role')} hint={t(`roleHint.${role}`)} wrong={wrongAt('role')}>
        {(wiring) => (
          <select {...wiring} value={role} onChange={({ target }) => setRole(target.value as Role)}>
            {ROLES.map((one) => (
              <option key={one} value={one}>
                {t(`role.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Wrong error={refusal !== null && refusal.field !== null ? null : send.error} />
    </Dialog>
  );
}
