// What can be done to the runs that are chosen, or to all that the filter finds: replay with a version,
// cancel, compare two. Called by lists of runs.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { type Asked, BulkJob } from './bulk-job.tsx';
import { cancelJob, replayJob, type Version } from './bulk-requests.ts';
import { isOver, type Run } from './run-requests.ts';
import { BAD_STATUSES, GOING_STATUSES, type RunFilter, selectionOf } from './run-search.ts';

type Props = {
  runs: readonly Run[];
  chosen: ReadonlySet<string>;
  filter: RunFilter;
  functionId: string | null;
  onDone: () => void;
};

export function BulkBar({ runs, chosen, filter, functionId, onDone }: Props) {
  const where = useWhere();
  const mayReplay = useMay('function_runs', 'create');
  const mayCancel = useMay('function_runs', 'update');
  const [version, setVersion] = useState<Version>('active');
  const [asked, setAsked] = useState<Asked | null>(null);
  if (asked !== null)
    return (
      <BulkJob
        asked={asked}
        onOver={() => {
          setAsked(null);
          onDone();
        }}
      />
    );
  const picked = runs.filter((run) => chosen.has(run.id));
  const isAll = picked.length === 0;
  const ids = (isRight: (run: Run) => boolean) => picked.filter(isRight).map(({ id }) => id);
  const [over, going] = [ids(isOver), ids((run) => !isOver(run))];
  const canReplay = mayReplay && (isAll ? isWithin(filter, BAD_STATUSES) : over.length > 0);
  const canCancel = mayCancel && (isAll ? isWithin(filter, GOING_STATUSES) : going.length > 0);
  if (!canReplay && !canCancel && isAll) return null;
  const replay = () => {
    const selection = isAll ? selectionOf(filter, functionId) : { run_ids: over };
    setAsked({ name: t('bulk.replay'), job: replayJob(where, selection, version) });
  };
  const cancel = () =>
    setAsked({
      name: t('bulk.cancel'),
      job: cancelJob(where, isAll ? filter : { ids: going }, functionId),
    });
  return (
    <div className="notice bulk">
      <span>{isAll ? t('bulk.found') : t('bulk.chosen', { count: picked.length })}</span>
      {canReplay ? (
        <>
          <button type="button" className="button" onClick={replay}>
            {isAll ? t('bulk.replayAll') : t('bulk.replayChosen', { count: over.length })}
          </button>
          <VersionChoice version={version} onChoose={setVersion} />
        </>
      ) : null}
      {canCancel ? (
        <button type="button" className="button danger" onClick={cancel}>
          {isAll ? t('bulk.cancelAll') : t('bulk.cancelChosen', { count: going.length })}
        </button>
      ) : null}
      {picked.length === 2 ? (
        <Link
          className="button"
          to="/$account/$mode/runs/$run/compare/$other"
          params={{
            ...{ account: where.account, mode: where.mode },
            ...{ run: picked[1]?.id ?? '', other: picked[0]?.id ?? '' },
          }}
        >
          {t('bulk.compare')}
        </Link>
      ) : null}
      {isAll ? null : (
        <button type="button" className="button plain" onClick={onDone}>
          {t('bulk.clear')}
        </button>
      )}
    </div>
  );
}

export function VersionChoice({ version, onChoose }: { version: Version; onChoose: (v: Version) => void }) {
  return (
    <select
      className="input"
      aria-label={t('replay.version')}
      value={version}
      onChange={({ target }) => onChoose(target.value as Version)}
    >
      <option value="active">{t('replay.active')}</option>
      <option value="same">{t('replay.same')}</option>
    </select>
  );
}

/** Whether all that is found can be meant: what is done to a whole filter knows neither trace nor text. */
function isWithin({ statuses, text, traceId, requestId }: RunFilter, all: readonly string[]): boolean {
  const isKnown = text === '' && traceId === null && requestId === null;
  return isKnown && statuses.length > 0 && statuses.every((one) => all.includes(one));
}
