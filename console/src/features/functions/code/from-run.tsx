// The notice over the editor where one came from a run: its input is the test, and once the mend is live, it
// is replayed. Called by the editor's page.
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { read } from '../../../api/millrace.ts';
import { useToast } from '../../../design/toasts.tsx';
import { useWhere } from '../../../shell/scope.ts';
import { t } from '../../../texts/translate.ts';
import { ofRecorded } from './test-inputs.ts';
import type { TestInput } from './test-panel.tsx';

type Props = {
  runId: string;
  onInput: (input: TestInput) => void;
  /** The version that has been deployed since; null: none. */
  deployed: number | null;
};

export function FromRun({ runId, onInput, deployed }: Props) {
  const { account, mode, api } = useWhere();
  const say = useToast();
  const taken = useRef(false);
  useEffect(() => {
    if (taken.current) return;
    taken.current = true;
    const take = async () => {
      const recorded = ofRecorded(
        await read(api.GET('/runs/{id}/input', { params: { path: { id: runId } } })),
      );
      if (recorded !== null) onInput(recorded);
    };
    take().catch(() => say(t('run.noInput')));
  }, [api, onInput, runId, say]);
  const replay = useMutation({
    mutationFn: () =>
      read(api.POST('/runs/{id}/replay', { params: { path: { id: runId } }, body: { version: 'active' } })),
  });
  const link = (run: string, text: string) => (
    <Link to="/$account/$mode/runs/$run" params={{ account, mode, run }}>
      {text}
    </Link>
  );
  return (
    <div className="notice bench-notice" role="status">
      <span>
        {t('code.fromRun')} {link(runId, runId.slice(0, 13))}
      </span>
      {deployed === null ? null : (
        <button type="button" className="button" disabled={replay.isPending} onClick={() => replay.mutate()}>
          {t('code.replay')}
        </button>
      )}
      {replay.data === undefined ? null : link(replay.data.id, t('code.replayed'))}
    </div>
  );
}
