// Whether a function takes work: active, paused, disabled and why. Called by the list and the page.
import { StatusMark } from '../../design/status-mark.tsx';
import { t } from '../../texts/translate.ts';
import type { HostedFunction } from './function-requests.ts';

export function FunctionStatus({ fn }: { fn: HostedFunction }) {
  if (!fn.enabled) {
    return (
      <span title={fn.disabled_reason ?? undefined}>
        <StatusMark tone={fn.disabled_reason === null ? 'off' : 'bad'}>{t('functions.disabled')}</StatusMark>
      </span>
    );
  }
  if (fn.paused_at !== null) return <StatusMark tone="wait">{t('functions.paused')}</StatusMark>;
  return <StatusMark tone="good">{t('functions.active')}</StatusMark>;
}
