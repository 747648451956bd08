// Short words about what has just happened, said by screen readers too. They never hold the only way to
// something. Called after actions.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

type Toast = { id: number; text: ReactNode };
type Say = (text: ReactNode) => void;

const SHOWN_MS = 6_000;
const MOST = 3;
const Toasts = createContext<Say>(() => {});

export function useToast(): Say {
  return useContext(Toasts);
}

export function ToastArea({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((one) => one.id !== id)), []);
  const say = useMemo<Say>(() => {
    let last = 0;
    return (text) => {
      last += 1;
      const id = last;
      setToasts((all) => [...all.slice(1 - MOST), { id, text }]);
      setTimeout(() => drop(id), SHOWN_MS);
    };
  }, [drop]);
  return (
    <Toasts value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, text }) => (
          <div key={id} className="toast">
            {text}
          </div>
        ))}
      </div>
    </Toasts>
  );
}
