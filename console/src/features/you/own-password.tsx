// Asks for one's own password before something of one's sign-in is changed. Empty where there is none: then a
// fresh sign-in is enough. Called by the parts of the page.
import { Refusal } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { t } from '../../texts/translate.ts';

type Props = { value: string; onChange: (value: string) => void; error: unknown };

export function OwnPassword({ value, onChange, error }: Props) {
  return (
    <Field label={t('you.password')} hint={t('you.passwordHint')} wrong={wrongPassword(error)}>
      {(wiring) => (
        <input
          {...wiring}
          type="password"
          autoComplete="current-password"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

/** The password is all that can be wrong of it. */
export function wrongPassword(error: unknown): string | null {
  const isWrong = error instanceof Refusal && error.status === 401 && error.field === null;
  return isWrong ? t('you.passwordWrong') : null;
}
