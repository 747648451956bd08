// Replays what is chosen, or all that the filter finds, in portions, with how far it is. Called by lists.
import { useState } from 'react';
import { read, type Schemas } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Wrong } from '../../design/states.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { isOver, type Run } from './run-requests.ts';
import { BAD_STATUSES, type RunFilter } from './run-search.ts';

type Props = {
  runs: readonly Run[];
  chosen: ReadonlySet<string>;
  filter: RunFilter;
  functionId: string | null;
  onDone: () => void;
};
type Batch = Schemas['ReplayBatch'];

const PORTION = 100;

export function BulkReplay({ runs, chosen, filter, functionId, onDone }: Props) {
  const mayReplay = useMay('function_runs', 'create');
  const [isAsking, setAsking] = useState(false);
  const isNarrow = filter.statuses.length > 0 && filter.statuses.every((one) => BAD_STATUSES.includes(one));
  if (!mayReplay || (chosen.size === 0 && !isNarrow)) return null;
  const ids = runs.filter((run) => chosen.has(run.id) && isOver(run)).map((run) => run.id);
  return (
    <div className="notice bulk">
      <span>{chosen.size > 0 ? t('bulk.chosen', { count: chosen.size }) : t('bulk.found')}</span>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        {chosen.size > 0 ? t('bulk.replayChosen') : t('bulk.replayAll')}
      </button>
      {chosen.size > 0 ? (
        <button type="button" className="button plain" onClick={onDone}>
          {t('bulk.clear')}
        </button>
      ) : null}
      {isAsking ? (
        <ReplayDialog
          filter={chosen.size > 0 ? { run_ids: ids } : filterFields(filter, functionId)}
          onClose={() => {
            setAsking(false);
            onDone();
          }}
        />
      ) : null}
    </div>
  );
}

function filterFields(filter: RunFilter, functionId: string | null) {
  return {
    status: filter.statuses,
    ...(functionId === null ? {} : { function_id: functionId }),
    ...(filter.trigger === null ? {} : { trigger: filter.trigger }),
    ...(filter.errorType === null ? {} : { error_type: filter.errorType }),
    ...(filter.sinceMs === null
      ? {}
      : { created_after: new Date(Date.now() - filter.sinceMs).toISOString() }),
  };
}

type DialogProps = { filter: ReturnType<typeof filterFields> | { run_ids: string[] }; onClose: () => void };

function ReplayDialog({ filter, onClose }: DialogProps) {
  const { api } = useWhere();
  const say = useToast();
  const [version, setVersion] = useState<'active' | 'same'>('active');
  const [state, setState] = useState<{ replayed: number; skipped: number; isGoing: boolean } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const start = async () => {
    const done = { replayed: 0, skipped: 0 };
    setState({ ...done, isGoing: true });
    try {
      let after: string | null = null;
      do {
        const body = { filter, version, limit: PORTION, ...(after === null ? {} : { after }) };
        const batch: Batch = await read(api.POST('/runs/replay', { body }));
        done.replayed += batch.replayed.length;
        done.skipped += batch.skipped.length;
        setState({ ...done, isGoing: true });
        if (batch.stopped !== null) throw new Error(batch.stopped.message);
        after = batch.next;
      } while (after !== null);
      say(t('bulk.done', { count: done.replayed }));
      if (done.skipped === 0) return onClose();
    } catch (failure) {
      setError(failure);
    }
    setState({ ...done, isGoing: false });
  };
  return (
    <Dialog
      title={t('bulk.title')}
      onClose={onClose}
      onSubmit={() => void start()}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('action.close')}
          </button>
          <button type="submit" className="button primary" disabled={state?.isGoing === true}>
            {t('bulk.start')}
          </button>
        </>
      }
    >
      <p>{t('bulk.explain')}</p>
      <fieldset className="choices">
        <legend className="unseen">{t('replay.version')}</legend>
        {(['active', 'same'] as const).map((one) => (
          <label key={one} className="check">
            <input type="radio" name="version" checked={version === one} onChange={() => setVersion(one)} />
            {t(`replay.${one}`)}
          </label>
        ))}
      </fieldset>
      {state === null ? null : (
        <p role="status">{t('bulk.progress', { replayed: state.replayed, skipped: state.skipped })}</p>
      )}
      <Wrong error={error} />
    </Dialog>
  );
}
