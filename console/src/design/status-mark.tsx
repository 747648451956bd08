// A state as a word and a shape; its colour only repeats them. Called wherever something has a state.
import type { ReactNode } from 'react';

export type Tone = 'good' | 'bad' | 'warn' | 'wait' | 'active' | 'off';

export function StatusMark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`status ${tone}`}>
      <i aria-hidden="true" />
      {children}
    </span>
  );
}
