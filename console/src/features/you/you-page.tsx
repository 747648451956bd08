// How one signs in oneself: password, passkeys, second factor, and where one is signed in now.
import { useQuery } from '@tanstack/react-query';
import { Page } from '../../design/page.tsx';
import { sessionQuery } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { PasskeyPart } from './passkey-part.tsx';
import { PasswordPart } from './password-part.tsx';
import { SecondFactorPart } from './second-factor-part.tsx';
import { SessionPart } from './session-part.tsx';
import './you.css';

export function YouPage() {
  const { data: session } = useQuery(sessionQuery);
  return (
    <Page
      title={t('you.title')}
      sentence={session === undefined || session === null ? undefined : `${session.name} · ${session.email}`}
    >
      <PasskeyPart />
      <SecondFactorPart isOn={session?.second_factor === true} />
      <PasswordPart />
      <SessionPart />
    </Page>
  );
}
