// Asks for a link to set a new password, by mail. Says the same whether or not the address is anybody's.
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { millraceOf, read } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { t } from '../../texts/translate.ts';
import { SignInFrame } from './sign-in-frame.tsx';

export function ForgottenPage() {
  const [email, setEmail] = useState('');
  const ask = useMutation({
    mutationFn: () => read(millraceOf(null).POST('/password-links', { body: { email } })),
  });
  return (
    <SignInFrame
      title={t('forgotten.title')}
      sentence={t('forgotten.sentence')}
      submit={t('forgotten.submit')}
      isBusy={ask.isPending}
      onSubmit={() => ask.mutate()}
      below={<Link to="/sign-in">{t('signIn.title')}</Link>}
    >
      <Field label={t('signIn.email')}>
        {(wiring) => (
          <input
            {...wiring}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <div role="status">{ask.isSuccess ? <p className="notice">{t('forgotten.done')}</p> : null}</div>
      <Wrong error={ask.error} />
    </SignInFrame>
  );
}
