// Whether a folder that has moved in is live: asked until it is settled. Called by site-panel.tsx.
import { useQuery } from '@tanstack/react-query';
import { askRaw } from '../../api/send-file.ts';
import { StatusMark } from '../../design/status-mark.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import type { FolderProgress, FolderReport } from './site-report.ts';

const ASK_MS = 1_000;

export function SiteProgress({ folder, urls }: Pick<FolderReport, 'folder' | 'urls'>) {
  const { account, mode, key } = useWhere();
  const query = new URLSearchParams({ folder });
  const { data } = useQuery({
    queryKey: [...key, 'site-folder', folder],
    refetchInterval: ({ state }) => (state.data?.settled === true ? false : ASK_MS),
    queryFn: () => askRaw<FolderProgress>({ account, mode }, `/import/hubspot/folder?${query}`),
  });
  if (data?.problem) return <StatusMark tone="bad">{data.problem}</StatusMark>;
  if (data === undefined || !data.settled)
    return <StatusMark tone="active">{t('moving.settling')}</StatusMark>;
  const count = data.live.length;
  return (
    <StatusMark tone={count >= urls.length ? 'good' : 'warn'}>{t('moving.answering', { count })}</StatusMark>
  );
}
