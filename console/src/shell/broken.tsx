// A page that could not be drawn, or whose code did not come: says so, and how to go on.
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Failed } from '../design/states.tsx';

export function Broken({ error }: ErrorComponentProps) {
  return (
    <div className="page">
      <Failed error={error} retry={() => location.reload()} />
    </div>
  );
}
