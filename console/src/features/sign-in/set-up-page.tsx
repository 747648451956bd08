// First run: the link that the start prints makes the first person, who operates the installation.
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { millraceOf, Refusal, read } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { t } from '../../texts/translate.ts';
import { SignInFrame } from './sign-in-frame.tsx';

export function SetUpPage() {
  const navigate = useNavigate();
  const [secret] = useState(() => location.hash.slice(1));
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const setUp = useMutation({
    mutationFn: () =>
      read(millraceOf(null).POST('/setup/accept', { body: { secret, name, email, password } })),
    onSuccess: () => navigate({ to: '/' }),
  });
  const refusal = setUp.error instanceof Refusal ? setUp.error : null;
  const wrongAt = (field: string) => (refusal?.field === field ? refusal.rule : null);
  const isBeside = refusal !== null && ['name', 'email', 'password'].includes(refusal.field ?? '');
  return (
    <SignInFrame
      title={t('setUp.title')}
      sentence={t('setUp.sentence')}
      submit={t('setUp.submit')}
      isBusy={setUp.isPending}
      onSubmit={() => setUp.mutate()}
    >
      <Field label={t('setUp.name')} wrong={wrongAt('name')}>
        {(wiring) => (
          <input
            {...wiring}
            required
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('signIn.email')} wrong={wrongAt('email')}>
        {(wiring) => (
          <input
            {...wiring}
            required
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('signIn.password')} hint={t('setUp.passwordHint')} wrong={wrongAt('password')}>
        {(wiring) => (
          <input
            {...wiring}
            required
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Wrong error={isBeside ? null : setUp.error} />
    </SignInFrame>
  );
}
