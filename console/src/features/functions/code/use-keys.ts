// Keys of the editor's page, with Ctrl, wherever on the page one is; the editor itself has them too. Called
// by that page alone.
import { useEffect, useRef } from 'react';

export function useKeys(keys: Record<string, () => void>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = latest.current[event.key];
      const isElsewhere =
        event.target instanceof Element && event.target.closest('.monaco-editor, dialog') !== null;
      if (act === undefined || isElsewhere || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
