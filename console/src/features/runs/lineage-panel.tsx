// What caused a run and what came of it: event, trigger, the run that it repeats, the runs that repeat it.
import { Link } from '@tanstack/react-router';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import type { Run } from './run-requests.ts';
import { causeText } from './run-table.tsx';

export function LineagePanel({ run }: { run: Run }) {
  const { account, mode } = useWhere();
  const link = (id: string) => (
    <Link className="mono" to="/$account/$mode/runs/$run" params={{ account, mode, run: id }}>
      {id}
    </Link>
  );
  return (
    <dl className="facts">
      <div>
        <dt>{t('runs.cause')}</dt>
        <dd>{causeText(run)}</dd>
      </div>
      {Object.entries(run.cause).map(([name, value]) => (
        <div key={name}>
          <dt className="mono">{name}</dt>
          <dd className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
      {run.replay_of === null ? null : (
        <div>
          <dt>{t('run.replayOf')}</dt>
          <dd>
            {link(run.replay_of)}{' '}
            <Link
              to="/$account/$mode/runs/$run/compare/$other"
              params={{ account, mode, run: run.replay_of, other: run.id }}
            >
              {t('bulk.compare')}
            </Link>
          </dd>
        </div>
      )}
      {(run.replays ?? []).map((id) => (
        <div key={id}>
          <dt>{t('run.replay')}</dt>
          <dd>{link(id)}</dd>
        </div>
      ))}
    </dl>
  );
}
