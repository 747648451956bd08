// Runs of one function, on the function's own page.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { RunList } from './run-list.tsx';

export function FunctionRunsPage() {
  const { id } = useParams({ from: '/$account/$mode/functions/$id/runs' });
  const { q = '' } = useSearch({ from: '/$account/$mode/functions/$id/runs' });
  const navigate = useNavigate({ from: '/$account/$mode/functions/$id/runs' });
  return (
    <div className="pane">
      <RunList
        typed={q}
        functionId={id}
        onType={(typed) => void navigate({ search: typed === '' ? {} : { q: typed } })}
      />
    </div>
  );
}
