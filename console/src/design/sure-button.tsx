// A button for what can't be taken back: it asks once more in its own place, and forgets the first press when
// it loses the focus. Called by rows and pages.
import { useState } from 'react';

type Props = {
  text: string;
  sure: string;
  /** What a reader of the screen hears, where the text alone doesn't say of what. */
  label?: string;
  isDisabled?: boolean;
  onSure: () => void;
};

export function SureButton({ text, sure, label, isDisabled = false, onSure }: Props) {
  const [isSure, setSure] = useState(false);
  return (
    <button
      type="button"
      className="button plain danger"
      aria-label={isSure || label === undefined ? undefined : label}
      disabled={isDisabled}
      onBlur={() => setSure(false)}
      onClick={() => {
        if (!isSure) return setSure(true);
        setSure(false);
        onSure();
      }}
    >
      {isSure ? sure : text}
    </button>
  );
}
