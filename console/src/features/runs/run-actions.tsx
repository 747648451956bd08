// What can be done about a run, each by one click: replay, edit and replay, its line in the editor, the same
// as a command.
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { read } from '../../api/millrace.ts';
import { CopyButton } from '../../design/copy-button.tsx';
import { loadLazily } from '../../design/load-lazily.ts';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { isOver, type Run } from './run-requests.ts';
import type { Place } from './stack-place.ts';

const EditReplay = loadLazily(() => import('./edit-replay.tsx').then((loaded) => loaded.EditReplay));

export function RunActions({ run, place }: { run: Run; place: Place | null }) {
  const { account, mode, api } = useWhere();
  const navigate = useNavigate();
  const mayReplay = useMay('function_runs', 'create');
  const mayCancel = useMay('function_runs', 'update');
  const [isEditing, setEditing] = useState(false);
  const params = { path: { id: run.id } };
  const replay = useMutation({
    mutationFn: () => read(api.POST('/runs/{id}/replay', { params, body: { version: 'active' } })),
    onSuccess: ({ id }) => navigate({ to: '/$account/$mode/runs/$run', params: { account, mode, run: id } }),
  });
  const cancel = useMutation({ mutationFn: () => read(api.POST('/runs/{id}/cancel', { params })) });
  return (
    <>
      <div className="row">
        {isOver(run) ? (
          <>
            <button
              type="button"
              className="button primary"
              disabled={!mayReplay || replay.isPending || !run.input_kept}
              onClick={() => replay.mutate()}
            >
              {t('run.doReplay')}
            </button>
            <button type="button" className="button" disabled={!mayReplay} onClick={() => setEditing(true)}>
              {t('run.editReplay')}
            </button>
          </>
        ) : (
          <button
            type="button"
            className="button danger"
            disabled={!mayCancel || cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {t('run.cancel')}
          </button>
        )}
        <Link
          className="button"
          to="/$account/$mode/functions/$id"
          params={{ account, mode, id: run.function_id }}
          search={{ run: run.id, ...(place === null ? {} : { file: place.file, line: place.line }) }}
        >
          {t('run.openEditor')}
        </Link>
        <CopyButton text={() => Promise.resolve(curlOf(run))}>{t('run.copyCurl')}</CopyButton>
        <CopyButton text={location.href}>{t('run.copyLink')}</CopyButton>
      </div>
      {run.input_kept || !isOver(run) ? null : <p className="quiet">{t('run.inputGone')}</p>}
      <Wrong error={replay.error ?? cancel.error} />
      <Suspense>{isEditing ? <EditReplay run={run} onClose={() => setEditing(false)} /> : null}</Suspense>
    </>
  );
}

/** The same run again, for a shell: with a token of one's own. */
function curlOf(run: Run): string {
  const base = location.origin.replace('//console.', '//');
  return `curl -X POST '${base}/millrace/v1/runs/${run.id}/replay' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"version": "same"}'`;
}
