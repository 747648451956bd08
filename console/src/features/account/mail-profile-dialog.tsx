// A new mail server of the account. Called by the account's settings.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { mailProfilesQuery } from './mail-requests.ts';

const SECURITY = ['starttls', 'tls', 'none'] as const;
const FIELDS = ['name', 'host', 'port', 'sender', 'username', 'password'] as const;
type FieldName = (typeof FIELDS)[number];

const NEW: Record<FieldName, string> = {
  ...{ name: '', host: '', port: '587', sender: '', username: '', password: '' },
};
const NEEDED: readonly FieldName[] = ['name', 'host', 'port', 'sender'];

export function MailProfileDialog({ onClose }: { onClose: () => void }) {
  const where = useWhere();
  const queries = useQueryClient();
  const [form, setForm] = useState(NEW);
  const [security, setSecurity] = useState<(typeof SECURITY)[number]>('starttls');
  const [isDefault, setDefault] = useState(false);
  const add = useMutation({
    mutationFn: () => {
      const { name, host, port, sender, username, password } = form;
      const login = username === '' ? {} : { username, password };
      const body = { name, host, port: Number(port), sender, security, is_default: isDefault, ...login };
      return read(where.api.POST('/smtp_profiles', { body }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: mailProfilesQuery(where).queryKey });
      onClose();
    },
  });
  const refused = add.error instanceof Refusal ? add.error : null;
  const isShown = FIELDS.some((one) => one === refused?.field);
  return (
    <Dialog
      title={t('account.addMail')}
      onClose={onClose}
      onSubmit={() => add.mutate()}
      foot={
        <button type="submit" className="button primary" disabled={add.isPending}>
          {t('action.save')}
        </button>
      }
    >
      {FIELDS.map((one) => (
        <Field
          key={one}
          label={t(`account.mail.${one}`)}
          wrong={refused?.field === one ? refused.message : null}
        >
          {(wiring) => (
            <input
              {...wiring}
              type={one === 'password' ? 'password' : one === 'port' ? 'number' : 'text'}
              autoComplete="off"
              required={NEEDED.includes(one)}
              value={form[one]}
              onChange={({ target }) => setForm({ ...form, [one]: target.value })}
            />
          )}
        </Field>
      ))}
      <Field label={t('account.security')}>
        {(wiring) => (
          <select
            {...wiring}
            value={security}
            onChange={({ target }) => setSecurity(target.value as (typeof SECURITY)[number])}
          >
            {SECURITY.map((one) => (
              <option key={one} value={one}>
                {t(`account.security.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <label className="check">
        <input type="checkbox" checked={isDefault} onChange={({ target }) => setDefault(target.checked)} />
        {t('account.isDefault')}
      </label>
      <Wrong error={isShown ? null : add.error} />
    </Dialog>
  );
}
