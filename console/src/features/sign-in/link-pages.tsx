// The pages behind links that people are given: an invitation joins an account, a password link sets a new
// password. What stands behind the # is the secret: it goes to the server alone, and out of the address.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { millraceOf, Refusal, read } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useToast } from '../../design/toasts.tsx';
import { t } from '../../texts/translate.ts';
import { SignInFrame } from './sign-in-frame.tsx';

/** Read once: whoever looks at the history of this browser finds no link that is still good. */
function useLinkSecret(): string {
  const [secret] = useState(() => location.hash.slice(1));
  useEffect(() => history.replaceState(history.state, '', location.pathname), []);
  return secret;
}

type PasswordProps = { value: string; onChange: (value: string) => void; wrong: string | null };

function NewPassword({ value, onChange, wrong }: PasswordProps) {
  return (
    <Field label={t('signIn.password')} hint={t('setUp.passwordHint')} wrong={wrong}>
      {(wiring) => (
        <input
          {...wiring}
          type="password"
          autoComplete="new-password"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

function wrongPassword(error: unknown): string | null {
  return error instanceof Refusal && error.field === 'password' ? error.rule : null;
}

export function InvitationPage() {
  const secret = useLinkSecret();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const join = useMutation({
    mutationFn: () =>
      read(
        millraceOf(null).POST('/invitations/accept', {
          body: { secret, ...(password === '' ? {} : { password }) },
        }),
      ),
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: '/' });
    },
  });
  const wrong = wrongPassword(join.error);
  return (
    <SignInFrame
      title={t('invitation.title')}
      sentence={t('invitation.sentence')}
      submit={t('invitation.submit')}
      isBusy={join.isPending}
      onSubmit={() => join.mutate()}
    >
      <NewPassword value={password} onChange={setPassword} wrong={wrong} />
      <Wrong error={wrong === null ? join.error : null} />
    </SignInFrame>
  );
}

export function PasswordPage() {
  const secret = useLinkSecret();
  const navigate = useNavigate();
  const say = useToast();
  const [password, setPassword] = useState('');
  const reset = useMutation({
    mutationFn: () => read(millraceOf(null).POST('/password-links/accept', { body: { secret, password } })),
    onSuccess: async () => {
      say(t('password.done'));
      await navigate({ to: '/sign-in' });
    },
  });
  const wrong = wrongPassword(reset.error);
  return (
    <SignInFrame
      title={t('password.title')}
      sentence={t('password.sentence')}
      submit={t('password.submit')}
      isBusy={reset.isPending}
      onSubmit={() => reset.mutate()}
    >
      <NewPassword value={password} onChange={setPassword} wrong={wrong} />
      <Wrong error={wrong === null ? reset.error : null} />
    </SignInFrame>
  );
}
