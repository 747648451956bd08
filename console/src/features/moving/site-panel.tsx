// A theme or a folder of functions before it moves in: every folder with its addresses, what will differ,
// which packages and secrets it needs. Then it moves, and each folder says when it answers. Called by
// moving-page.tsx.
import { useMutation, useQuery } from '@tanstack/react-query';
import { sendFile } from '../../api/send-file.ts';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { SiteProgress } from './site-progress.tsx';
import type { FolderReport, SiteReport } from './site-report.ts';

type Props = { name: string; zip: Uint8Array<ArrayBuffer>; dest: string; onAgain: () => void };

export function SitePanel({ name, zip, dest, onAgain }: Props) {
  const { account, mode, key } = useWhere();
  const send = (isDryRun: boolean) => {
    const query = new URLSearchParams({ dry_run: String(isDryRun), ...(dest === '' ? {} : { dest }) });
    const body = new Blob([zip], { type: 'application/zip' });
    return sendFile<SiteReport>({ account, mode }, `/import/hubspot?${query}`, body);
  };
  const look = useQuery({ queryKey: [...key, 'site', name, zip.length], queryFn: () => send(true) });
  const move = useMutation({ mutationFn: () => send(false) });
  return (
    <Answered query={look} lines={8}>
      {(found) => {
        const report = move.data ?? found;
        if (report.folders.length === 0) {
          return (
            <Empty title={t('moving.noFolders')}>
              <button type="button" className="button" onClick={onAgain}>
                {t('moving.another')}
              </button>
            </Empty>
          );
        }
        return (
          <div className="stack">
            <p>{t('moving.folders', { count: report.folders.length })}</p>
            {report.secrets_missing.length === 0 ? null : (
              <div className="notice warn">
                {t('moving.secrets', { names: report.secrets_missing.join(', ') })}
              </div>
            )}
            {report.remarks.map((remark) => (
              <div key={remark} className="notice">
                {remark}
              </div>
            ))}
            <ul className="moving-folders">
              {report.folders.map((folder) => (
                <OneFolder key={folder.folder} folder={folder} isMoved={move.data !== undefined} />
              ))}
            </ul>
            <Wrong error={move.error} />
            <div className="row">
              {move.data === undefined ? (
                <button
                  type="button"
                  className="button primary"
                  disabled={move.isPending}
                  onClick={() => move.mutate()}
                >
                  {t(move.isPending ? 'moving.going' : 'moving.moveIn')}
                </button>
              ) : null}
              <button type="button" className="button" onClick={onAgain}>
                {t('moving.another')}
              </button>
            </div>
          </div>
        );
      }}
    </Answered>
  );
}

function OneFolder({ folder, isMoved }: { folder: FolderReport; isMoved: boolean }) {
  const { packages, problems, differences, environment, urls } = folder;
  return (
    <li>
      <div className="row">
        <strong className="mono">{folder.folder}</strong>
        <span className="quiet mono">{folder.runtime}</span>
        {isMoved ? (
          <SiteProgress folder={folder.folder} urls={urls} />
        ) : (
          <StatusMark tone={problems.length === 0 ? 'good' : 'bad'}>
            {t(problems.length === 0 ? 'moving.ready' : 'moving.notReady')}
          </StatusMark>
        )}
      </div>
      <ul className="moving-list">
        {urls.map(({ path, methods, new_url }) => (
          <li key={path}>
            <code>{methods.join(', ')}</code>{' '}
            {isMoved ? (
              <a href={new_url} target="_blank" rel="noreferrer" className="mono">
                {new_url}
              </a>
            ) : (
              <code>{new_url}</code>
            )}
          </li>
        ))}
      </ul>
      <Lines title={t('moving.problems')} lines={problems} tone="bad" />
      <Lines title={t('moving.differs')} lines={differences} />
      <Lines title={t('moving.packagesMissing')} lines={packages.missing} tone="bad" />
      <Lines title={t('function.packages')} lines={packages.declared} />
      <Lines title={t('moving.environment')} lines={environment} />
    </li>
  );
}

function Lines({ title, lines, tone }: { title: string; lines: readonly string[]; tone?: 'bad' }) {
  if (lines.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul className={tone === undefined ? 'moving-list' : 'moving-list bad'}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
