// The page on which a person lets a terminal sign in: by the code that the terminal shows. Who asks is shown,
// and nothing happens before it is confirmed.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { millraceOf, read } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { sessionQuery } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { SignInFrame } from './sign-in-frame.tsx';

type Mode = 'live' | 'test';
const own = millraceOf(null);

export function DevicePage() {
  const [code, setCode] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [found, setFound] = useState<{ client: string; address: string } | null>(null);
  const find = useMutation({
    mutationFn: () => read(own.GET('/device-authorizations/{code}', { params: { path: { code } } })),
    onSuccess: setFound,
  });
  if (found !== null) return <Confirm code={code} asking={found} />;
  return (
    <SignInFrame
      title={t('device.title')}
      sentence={t('device.sentence')}
      submit={t('device.submit')}
      isBusy={find.isPending}
      onSubmit={() => find.mutate()}
    >
      <Field label={t('device.code')}>
        {(wiring) => (
          <input
            {...wiring}
            className="mono"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            value={code}
            onChange={({ target }) => setCode(target.value)}
          />
        )}
      </Field>
      <Wrong error={find.error} />
    </SignInFrame>
  );
}

function Confirm({ code, asking }: { code: string; asking: { client: string; address: string } }) {
  const { data: session } = useQuery(sessionQuery);
  const accounts = (session?.accounts ?? []).filter((one) => one.permissions.auths?.create === true);
  const [account, setAccount] = useState<string | null>(null);
  const [mode, setMode] = useState<Mode>('live');
  const [done, setDone] = useState<'approved' | 'refused' | null>(null);
  const chosen = account ?? accounts[0]?.account_id ?? '';
  const params = { path: { code } };
  const approve = useMutation({
    mutationFn: () =>
      read(millraceOf({ account: chosen, mode }).POST('/device-authorizations/{code}/approve', { params })),
    onSuccess: () => setDone('approved'),
  });
  const refuse = useMutation({
    mutationFn: () => read(own.POST('/device-authorizations/{code}/refuse', { params })),
    onSuccess: () => setDone('refused'),
  });
  if (done !== null) {
    return (
      <main className="sign-in">
        <h1>{t(done === 'approved' ? 'device.approved' : 'device.refused')}</h1>
        <p>{t('device.back')}</p>
      </main>
    );
  }
  if (session !== undefined && accounts.length === 0) {
    return (
      <main className="sign-in">
        <h1>{t('device.title')}</h1>
        <p role="alert">{t('device.noAccount')}</p>
      </main>
    );
  }
  return (
    <SignInFrame
      title={t('device.confirm')}
      sentence={t('device.asks', { client: asking.client, address: asking.address })}
      submit={t('device.approve')}
      isBusy={approve.isPending || refuse.isPending}
      onSubmit={() => approve.mutate()}
    >
      <p>{t('device.careful')}</p>
      <Field label={t('device.account')}>
        {(wiring) => (
          <select {...wiring} value={chosen} onChange={({ target }) => setAccount(target.value)}>
            {accounts.map(({ account_id, role }) => (
              <option key={account_id} value={account_id}>
                {account_id} ({role})
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('device.mode')}>
        {(wiring) => (
          <select {...wiring} value={mode} onChange={({ target }) => setMode(target.value as Mode)}>
            <option value="live">{t('mode.live')}</option>
            <option value="test">{t('mode.test')}</option>
          </select>
        )}
      </Field>
      <Wrong error={approve.error ?? refuse.error} />
      <button type="button" className="button" onClick={() => refuse.mutate()}>
        {t('device.refuse')}
      </button>
    </SignInFrame>
  );
}
