// A field of a form: its label above, what it is for and what is wrong with it below. Called by every form.
import { type ReactNode, useId } from 'react';

type Wiring = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true };
type Props = {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with it; null: nothing. */
  wrong?: string | null;
  children: (wiring: Wiring) => ReactNode;
};

export function Field({ label, hint, wrong = null, children }: Props) {
  const id = useId();
  const isDescribed = hint !== undefined || wrong !== null;
  const wiring: Wiring = {
    id,
    ...(isDescribed ? { 'aria-describedby': `${id}-more` } : {}),
    ...(wrong === null ? {} : { 'aria-invalid': true }),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(wiring)}
      {isDescribed ? (
        <div id={`${id}-more`} className={wrong === null ? 'hint' : 'wrong'} aria-live="polite">
          {wrong ?? hint}
        </div>
      ) : null}
    </div>
  );
}
