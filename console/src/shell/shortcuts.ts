// Keys that work on every page, and the list of all keys that `?` shows. Never while one types.
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useWhere } from './scope.ts';

export const SHORTCUTS = [
  ['Ctrl K', 'keys.palette'],
  ['?', 'keys.list'],
  ['/', 'keys.filter'],
  ['g o', 'keys.overview'],
  ['g f', 'keys.functions'],
  ['g r', 'keys.runs'],
  ['j  k', 'keys.rows'],
  ['Enter', 'keys.open'],
  ['Ctrl Enter', 'keys.test'],
  ['Ctrl S', 'keys.deploy'],
] as const;

const PLACES: Record<string, '/$account/$mode' | '/$account/$mode/functions' | '/$account/$mode/runs'> = {
  o: '/$account/$mode',
  f: '/$account/$mode/functions',
  r: '/$account/$mode/runs',
};
const SECOND_KEY_MS = 1_200;

export function useShortcuts({
  openPalette,
  openShortcuts,
}: {
  openPalette(): void;
  openShortcuts(): void;
}): void {
  const navigate = useNavigate();
  const { account, mode } = useWhere();
  const begun = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return openPalette();
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const place = event.timeStamp - begun.current < SECOND_KEY_MS ? PLACES[event.key] : undefined;
      begun.current = event.key === 'g' ? event.timeStamp : 0;
      if (place !== undefined) return void navigate({ to: place, params: { account, mode } });
      if (event.key === '?') return openShortcuts();
      if (event.key === '/') return focusFilter(event);
      if (event.key === 'j' || event.key === 'k') moveRow(event.key === 'j' ? 1 : -1);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [account, mode, navigate, openPalette, openShortcuts]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog') !== null
  );
}

function focusFilter(event: KeyboardEvent): void {
  const filter = document.querySelector<HTMLInputElement>('[data-filter]');
  if (filter === null) return;
  event.preventDefault();
  filter.focus();
  filter.select();
}

function moveRow(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[
    at === -1 ? (step === 1 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)
  ]?.focus();
}
