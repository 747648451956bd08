// Runs of every function of the account.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Page } from '../../design/page.tsx';
import { t } from '../../texts/translate.ts';
import { RunList } from './run-list.tsx';
import { RunTabs } from './run-tabs.tsx';

export function RunsPage() {
  const { q = '' } = useSearch({ from: '/$account/$mode/runs' });
  const navigate = useNavigate({ from: '/$account/$mode/runs' });
  return (
    <Page title={t('room.runs')}>
      <RunTabs />
      <RunList
        typed={q}
        functionId={null}
        onType={(typed) => void navigate({ search: typed === '' ? {} : { q: typed } })}
      />
    </Page>
  );
}
