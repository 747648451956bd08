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
  onDeployed: (version: number) => void;
};

export function DeployDialog({ id, before, after, tag, onClose, onDeployed }: Props) {
  const { api } = useWhere();
  const paths = changedPaths(before, after);
  const [path, setPath] = useState(paths[0] ?? '');
  const [note, setNote] = useState('');
  const deploy = useMutation({
    mutationFn: () =>
      read(
        api.PUT('/functions/{id}/code', {
          params: { path: { id } },
          headers: tag === null ? {} : { 'If-Match': tag },
          body: { files: after, ...(note === '' ? {} : { note }) },
        }),
      ),
    onSuccess: (deployed) => onDeployed(deployed.version),
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
