// The status of an account as a word and a shape. Called by the operator's rooms.
import { StatusMark, type Tone } from '../../design/status-mark.tsx';
import { t } from '../../texts/translate.ts';
import type { ShortAccount } from './operator-requests.ts';

const TONES: Record<ShortAccount['status'], Tone> = { active: 'good', suspended: 'warn', closed: 'off' };

export function AccountStatus({ status }: { status: ShortAccount['status'] }) {
  return <StatusMark tone={TONES[status]}>{t(`accounts.status.${status}`)}</StatusMark>;
}
