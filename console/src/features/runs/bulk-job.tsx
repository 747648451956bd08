// One thing that is done to many runs: it begins a moment after it was asked for, which is the time to take
// it back, then says how far it is, can be stopped, and says what it came to. Called by bars of lists.
import { useEffect, useRef, useState } from 'react';
import { Wrong } from '../../design/states.tsx';
import { useToast } from '../../design/toasts.tsx';
import { t } from '../../texts/translate.ts';
import type { Job } from './bulk-requests.ts';

export type Asked = { name: string; job: Job };
type Props = { asked: Asked; onOver: () => void };

const UNDO_S = 5;

export function BulkJob({ asked, onOver }: Props) {
  const say = useToast();
  const [state, setState] = useState<'soon' | 'going' | 'over'>('soon');
  const [count, setCount] = useState({ done: 0, skipped: 0 });
  const [error, setError] = useState<unknown>(null);
  const isStopped = useRef(false);
  const begin = useRef(async () => {
    setState('going');
    const sum = { done: 0, skipped: 0 };
    try {
      for (let after: string | null = null, isFirst = true; isFirst || after !== null; isFirst = false) {
        const portion = await asked.job(after);
        sum.done += portion.done;
        sum.skipped += portion.skipped;
        setCount({ ...sum });
        after = isStopped.current ? null : portion.next;
      }
      say(t('bulk.done', { ...sum, name: asked.name, count: sum.done }));
    } catch (failure) {
      setError(failure);
    }
    setState('over');
  });
  useEffect(() => {
    if (state !== 'soon') return;
    const timer = setTimeout(() => void begin.current(), UNDO_S * 1_000);
    return () => clearTimeout(timer);
  }, [state]);
  useEffect(() => {
    if (state !== 'going') return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [state]);
  const text = {
    soon: t('bulk.soon', { name: asked.name, count: UNDO_S }),
    going: t('bulk.going', { name: asked.name, ...count }),
    over: t('bulk.over', { name: asked.name, ...count }),
  }[state];
  return (
    <div className="notice bulk">
      <span role="status">{text}</span>
      {state === 'soon' ? (
        <button type="button" className="button" onClick={onOver}>
          {t('bulk.undo')}
        </button>
      ) : null}
      {state === 'going' ? (
        <button
          type="button"
          className="button"
          onClick={() => {
            isStopped.current = true;
          }}
        >
          {t('bulk.stop')}
        </button>
      ) : null}
      {state === 'over' ? (
        <button type="button" className="button" onClick={onOver}>
          {t('action.close')}
        </button>
      ) : null}
      {state === 'going' ? <progress aria-label={asked.name} /> : null}
      <Wrong error={error} />
    </div>
  );
}
