// A function in numbers, over a range that is in the address.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { NumbersView } from './numbers-view.tsx';

const HERE = '/$account/$mode/functions/$id/numbers';

export function NumbersPage() {
  const { id } = useParams({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  return (
    <div className="pane">
      <NumbersView
        functionId={id}
        search={useSearch({ from: HERE })}
        onSearch={(search) => void navigate({ search })}
      />
    </div>
  );
}
