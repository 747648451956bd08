// One build of packages: how far it is, why it failed in npm's own words, what it prints while it goes on.
// Called by packages-page.tsx.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { clockTime, When } from '../../design/moment.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type Build, buildLogQuery } from './package-requests.ts';

const TONE = { building: 'active', ready: 'good', failed: 'bad' } as const;

export function BuildView({ build, isLatest }: { build: Build; isLatest: boolean }) {
  const { status, error, dependencies } = build;
  const [isOpen, setOpen] = useState(isLatest && status !== 'ready');
  return (
    <article className="build">
      <div className="row">
        <StatusMark tone={TONE[status]}>{t(`packages.status.${status}`)}</StatusMark>
        <span className="mono">{Object.keys(dependencies).join(', ') || '–'}</span>
        <span className="grow" />
        <span className="quiet">
          <When at={build.created_at} />
        </span>
      </div>
      {error === null ? null : (
        <div className="notice bad" role={isLatest ? 'alert' : undefined}>
          {error.message}
        </div>
      )}
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{t('packages.log')}</summary>
        {isOpen ? <BuildLog build={build} /> : null}
      </details>
    </article>
  );
}

function BuildLog({ build }: { build: Build }) {
  const { data } = useQuery(buildLogQuery(useWhere(), build));
  const lines = (data?.data ?? []).map((line) => `${clockTime(line.at)}  ${line.text}`);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <pre className="code wrap build-log" tabIndex={0} aria-live="polite">
      {lines.join('\n') || t('log.none')}
    </pre>
  );
}
