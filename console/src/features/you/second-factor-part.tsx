// The second factor of the person: set up by a code to scan and a first code, then ten recovery codes that
// are shown once; removed with the password.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { renderSVG } from 'uqr';
import { millraceOf, Refusal, read } from '../../api/millrace.ts';
import { CopyButton } from '../../design/copy-button.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { sessionQuery } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { OwnPassword, wrongPassword } from './own-password.tsx';

export function SecondFactorPart({ isOn }: { isOn: boolean }) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const body = password === '' ? {} : { password };
  const change = useMutation({
    mutationFn: async () => {
      if (!isOn) return await read(millraceOf(null).POST('/session/second-factor', { body }));
      await read(millraceOf(null).DELETE('/session/second-factor', { body }));
      return null;
    },
    onSuccess: async () => {
      setPassword('');
      setCodes(null);
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  const begun = isOn ? null : (change.data ?? null);
  return (
    <section className="you-part" aria-labelledby="second-factor">
      <h2 id="second-factor">{t('you.factor')}</h2>
      <StatusMark tone={isOn ? 'good' : 'off'}>{t(isOn ? 'you.factorOn' : 'you.factorOff')}</StatusMark>
      <p className="quiet">{t('you.factorExplain')}</p>
      {codes === null ? null : <Recovery codes={codes} />}
      {begun === null ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate();
          }}
        >
          <OwnPassword value={password} onChange={setPassword} error={change.error} />
          <Wrong error={wrongPassword(change.error) === null ? change.error : null} />
          <button type="submit" className={isOn ? 'button danger' : 'button'} disabled={change.isPending}>
            {t(isOn ? 'you.factorRemove' : 'you.factorSetUp')}
          </button>
        </form>
      ) : (
        <Confirm begun={begun} onConfirmed={setCodes} />
      )}
    </section>
  );
}

type ConfirmProps = { begun: { secret: string; url: string }; onConfirmed: (codes: string[]) => void };

function Confirm({ begun, onConfirmed }: ConfirmProps) {
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => read(millraceOf(null).POST('/session/second-factor/confirm', { body: { code } })),
    onSuccess: async ({ recovery_codes }) => {
      onConfirmed(recovery_codes);
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  const refusal = confirm.error instanceof Refusal && confirm.error.field === 'code' ? confirm.error : null;
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(begun.url))}`;
  return (
    <>
      <p>{t('you.scan')}</p>
      <img className="qr" src={picture} alt={t('you.scanAlt')} />
      <div className="row">
        <code className="address">{begun.secret}</code>
        <CopyButton text={begun.secret}>{t('you.copySecret')}</CopyButton>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate();
        }}
      >
        <Field label={t('signIn.code')} hint={t('you.codeHint')} wrong={refusal?.rule ?? null}>
          {(wiring) => (
            <input
              {...wiring}
              required
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={({ target }) => setCode(target.value)}
            />
          )}
        </Field>
        <Wrong error={refusal === null ? confirm.error : null} />
        <button type="submit" className="button primary" disabled={confirm.isPending}>
          {t('you.confirm')}
        </button>
      </form>
    </>
  );
}

function Recovery({ codes }: { codes: readonly string[] }) {
  return (
    <div className="notice" role="status">
      <div className="stack">
        <span>{t('you.recovery')}</span>
        <ul className="recovery mono">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div>
          <CopyButton text={codes.join('\n')}>{t('you.copyCodes')}</CopyButton>
        </div>
      </div>
    </div>
  );
}
