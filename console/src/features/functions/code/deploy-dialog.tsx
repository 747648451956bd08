// The difference to what is live, shown before it goes live, with a note for those who come later. If others
// deployed meanwhile, it says so and deploys nothing.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal, read } from '../../../api/millrace.ts';
import { CodeDifference } from '../../../design/code-editor.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field } from '../../../design/field.tsx';
import { Wrong } from '../../../design/states.tsx';
import { useWhere } from '../../../shell/scope.ts';
import { t } from '../../../texts/translate.ts';
import type { Files } from '../function-requests.ts';
import { changedPaths, textOf } from './file-texts.ts';

type Props = {
  id: string;
  before: Files;
  after: Files;
  /** Of the code that the draft was made of. */
  tag: string | null;
  onClose: () => void;
  /** @param percent of the runs that get it; 0: all */
  onDeployed: (version: number, percent: number) => void;
};

/** Percent of the runs; 0: all of them. */
const SHARES = [0, 10, 25, 50] as const;

export function DeployDialog({ id, before, after, tag, onClose, onDeployed }: Props) {
  const { api } = useWhere();
  const paths = changedPaths(before, after);
  const [path, setPath] = useState(paths[0] ?? '');
  const [note, setNote] = useState('');
  const [percent, setPercent] = useState(0);
  const deploy = useMutation({
    mutationFn: () =>
      read(
        api.PUT('/functions/{id}/code', {
          params: { path: { id } },
          headers: tag === null ? {} : { 'If-Match': tag },
          body: {
            files: after,
            ...(note === '' ? {} : { note }),
            ...(percent === 0 ? {} : { canary_percent: percent }),
          },
        }),
      ),
    onSuccess: ({ version, canary }) =>
      onDeployed(percent === 0 ? version : (canary?.version ?? version), percent),
  });
  const isStale = deploy.error instanceof Refusal && deploy.error.status === 412;
  return (
    <Dialog
      title={t('deploy.title')}
      wide
      onClose={onClose}
      onSubmit={() => deploy.mutate()}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={deploy.isPending || isStale}>
            {t(deploy.isPending ? 'deploy.going' : 'deploy.go')}
          </button>
        </>
      }
    >
      {paths.length > 1 ? (
        <div className="tabs" role="tablist" aria-label={t('deploy.files')}>
          {paths.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              className="mono"
              aria-selected={one === path}
              onClick={() => setPath(one)}
            >
              {one}
            </button>
          ))}
        </div>
      ) : (
        <span className="mono">{path}</span>
      )}
      <CodeDifference path={path} before={textOf(before[path]) ?? ''} after={textOf(after[path]) ?? ''} />
      <Field label={t('deploy.note')} hint={t('deploy.noteHint')}>
        {(wiring) => <input {...wiring} value={note} onChange={({ target }) => setNote(target.value)} />}
      </Field>
      <Field label={t('deploy.share')}>
        {(wiring) => (
          <select {...wiring} value={percent} onChange={({ target }) => setPercent(Number(target.value))}>
            {SHARES.map((one) => (
              <option key={one} value={one}>
                {one === 0 ? t('deploy.all') : t('deploy.part', { percent: String(one) })}
              </option>
            ))}
          </select>
        )}
      </Field>
      {isStale ? (
        <div className="notice warn" role="alert">
          {t('deploy.stale')}
        </div>
      ) : (
        <Wrong error={deploy.error} />
      )}
    </Dialog>
  );
}
