// The status of a run as a word and a shape. Called by lists and the page of a run.
import { StatusMark, type Tone } from '../../design/status-mark.tsx';
import { t } from '../../texts/translate.ts';
import type { RunStatus } from './run-search.ts';

const TONES: Record<RunStatus, Tone> = {
  queued: 'wait',
  running: 'active',
  succeeded: 'good',
  failed: 'bad',
  timed_out: 'bad',
  out_of_memory: 'bad',
  crashed: 'bad',
  cancelled: 'off',
  dead: 'bad',
};

export function RunStatusMark({ status }: { status: RunStatus }) {
  return <StatusMark tone={TONES[status]}>{t(`status.${status}`)}</StatusMark>;
}
