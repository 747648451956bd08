// Sign-in: by e-mail address and password, with the second factor where there is one; by a passkey; by the
// operator's provider. Back to the page that asked.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { millraceOf, Refusal, read } from '../../api/millrace.ts';
import { hasPasskeys, isBrokenOff, signInByPasskey } from '../../api/passkeys.ts';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { sessionQuery } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { SignInFrame } from './sign-in-frame.tsx';
import { waysQuery } from './sign-in-requests.ts';

export function SignInPage() {
  const { back } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const ways = useQuery(waysQuery);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const onSuccess = async () => {
    queries.clear();
    await queries.fetchQuery(sessionQuery);
    await navigate({ href: back ?? '/' });
  };
  const signIn = useMutation({
    mutationFn: () =>
      read(
        millraceOf(null).POST('/session', { body: { email, password, ...(code === '' ? {} : { code }) } }),
      ),
    onSuccess,
  });
  const byPasskey = useMutation({ mutationFn: signInByPasskey, onSuccess });
  const refusal = signIn.error instanceof Refusal ? signIn.error : null;
  const needsCode = refusal?.field === 'code' || code !== '';
  return (
    <SignInFrame
      title={t('signIn.title')}
      submit={t('signIn.submit')}
      isBusy={signIn.isPending}
      onSubmit={() => signIn.mutate()}
      below={
        <>
          {hasPasskeys() ? (
            <button
              type="button"
              className="button"
              disabled={byPasskey.isPending}
              onClick={() => byPasskey.mutate()}
            >
              {t('signIn.passkey')}
            </button>
          ) : null}
          <Wrong error={isBrokenOff(byPasskey.error) ? null : byPasskey.error} />
          {ways.data?.openid === true ? (
            <a className="button" href="/millrace/v1/session/openid">
              {t('signIn.provider')}
            </a>
          ) : null}
          {ways.data?.password_links === true ? (
            <Link to="/forgotten">{t('signIn.forgotten')}</Link>
          ) : (
            <p className="quiet">{t('signIn.askOwner')}</p>
          )}
        </>
      }
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
      <Field label={t('signIn.password')}>
        {(wiring) => (
          <input
            {...wiring}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {needsCode ? (
        <Field label={t('signIn.code')} hint={t('signIn.codeHint')}>
          {(wiring) => (
            <input
              {...wiring}
              // biome-ignore lint/a11y/noAutofocus: it is what is asked for now
              autoFocus
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <Wrong error={refusal?.field === 'code' && code === '' ? null : signIn.error} />
    </SignInFrame>
  );
}
