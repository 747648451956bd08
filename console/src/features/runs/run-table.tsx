// Rows of runs: status, function, what happened, cause, how long, when. A row is one link. Called by lists.
import { Link } from '@tanstack/react-router';
import { tookText, When } from '../../design/moment.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import type { Run } from './run-requests.ts';
import { RunStatusMark } from './run-status.tsx';

type Props = {
  runs: readonly Run[];
  /** Names by id; null: the function is known already. */
  names: ReadonlyMap<string, string> | null;
  chosen?: ReadonlySet<string>;
  onChoose?: (id: string) => void;
  fresh?: ReadonlySet<string>;
};

export function RunTable({ runs, names, chosen, onChoose, fresh }: Props) {
  const { account, mode } = useWhere();
  return (
    <div className="table-wrap">
      <table className="table linked">
        <thead>
          <tr>
            {onChoose === undefined ? null : (
              <th className="wide-only">
                <span className="unseen">{t('runs.choose')}</span>
              </th>
            )}
            <th>{t('runs.status')}</th>
            {names === null ? null : <th>{t('runs.function')}</th>}
            <th className="wide-only">{t('runs.happened')}</th>
            <th className="wide-only">{t('runs.cause')}</th>
            <th className="number wide-only">{t('runs.took')}</th>
            <th className="number">{t('runs.started')}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id} className={fresh?.has(run.id) ? 'fresh' : undefined}>
              {onChoose === undefined ? null : (
                <td className="wide-only">
                  <input
                    type="checkbox"
                    className="above"
                    aria-label={t('runs.chooseOne', { id: run.id.slice(0, 8) })}
                    checked={chosen?.has(run.id) === true}
                    onChange={() => onChoose(run.id)}
                  />
                </td>
              )}
              <td>
                <Link
                  data-row
                  className="row-link"
                  to="/$account/$mode/runs/$run"
                  params={{ account, mode, run: run.id }}
                >
                  <RunStatusMark status={run.status} />
                </Link>
              </td>
              {names === null ? null : (
                <td className="strong name">{names.get(run.function_id) ?? t('runs.functionGone')}</td>
              )}
              <td className="cut quiet wide-only" title={run.error?.message}>
                {happened(run)}
              </td>
              <td className="quiet wide-only nowrap">
                {causeText(run)}
                {run.test ? <span className="tag">{t('runs.trial')}</span> : null}
                {run.replay_of === null ? null : <span className="tag">{t('runs.replayed')}</span>}
              </td>
              <td className="number mono wide-only">{tookText(run.duration_ms)}</td>
              <td className="number nowrap">
                <When at={run.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function happened(run: Run): string {
  if (run.error !== null) return `${run.error.type}: ${run.error.message.split('\n')[0]}`;
  if (run.held) return t('runs.held');
  return '';
}

export function causeText({ trigger, cause }: Run): string {
  const kind = triggerText(trigger);
  const { method, notation, cron } = cause as Record<string, string | undefined>;
  return [kind, notation ?? cron ?? method].filter((one) => one !== undefined).join(' · ');
}

const KNOWN = [
  'http',
  'account_event',
  'webhook',
  'function_url',
  'schedule',
  'subscription',
  'flow',
  'email_template',
  'auto_query',
  'payment_profile',
  'ai_assistant',
  'api_direct',
] as const;

export function triggerText(kind: string): string {
  const known = KNOWN.find((one) => one === kind);
  return known === undefined ? kind : t(`trigger.${known}`);
}
