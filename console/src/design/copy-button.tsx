// Copies a text, and says so. Called beside addresses, ids and commands.
import type { ReactNode } from 'react';
import { t } from '../texts/translate.ts';
import { useToast } from './toasts.tsx';

type Props = { text: string | (() => Promise<string>); children: ReactNode; className?: string };

export function CopyButton({ text, children, className = 'button' }: Props) {
  const say = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
      say(t('copy.done'));
    } catch {
      say(t('copy.refused'));
    }
  };
  return (
    <button type="button" className={className} onClick={() => void copy()}>
      {children}
    </button>
  );
}
