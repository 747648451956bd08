// The whole account in numbers, over a range that is in the address.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Page } from '../../design/page.tsx';
import { t } from '../../texts/translate.ts';
import { NumbersView } from './numbers-view.tsx';

const HERE = '/$account/$mode/numbers';

export function AccountNumbersPage() {
  const navigate = useNavigate({ from: HERE });
  return (
    <Page title={t('room.numbers')} sentence={t('numbers.sentence')}>
      <NumbersView
        functionId={null}
        search={useSearch({ from: HERE })}
        onSearch={(search) => void navigate({ search })}
      />
    </Page>
  );
}
