// One's own password: changed with the one that there is. All other sessions end by it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { millraceOf, Refusal, read } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useToast } from '../../design/toasts.tsx';
import { t } from '../../texts/translate.ts';
import { OwnPassword, wrongPassword } from './own-password.tsx';
import { sessionsQuery } from './you-requests.ts';

export function PasswordPart() {
  const queries = useQueryClient();
  const say = useToast();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => {
      const body = { password, ...(current === '' ? {} : { current }) };
      return read(millraceOf(null).PUT('/session/password', { body }));
    },
    onSuccess: async () => {
      setCurrent('');
      setPassword('');
      say(t('you.passwordSet'));
      await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const refusal = change.error instanceof Refusal && change.error.field === 'password' ? change.error : null;
  const isShown = refusal !== null || wrongPassword(change.error) !== null;
  return (
    <section className="you-part" aria-labelledby="password">
      <h2 id="password">{t('you.changePassword')}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <OwnPassword value={current} onChange={setCurrent} error={change.error} />
        <Field label={t('you.newPassword')} hint={t('setUp.passwordHint')} wrong={refusal?.rule ?? null}>
          {(wiring) => (
            <input
              {...wiring}
              required
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
        </Field>
        <Wrong error={isShown ? null : change.error} />
        <button type="submit" className="button" disabled={change.isPending}>
          {t('you.changePassword')}
        </button>
      </form>
    </section>
  );
}
