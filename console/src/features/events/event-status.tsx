// States of events and deliveries as a word and a shape. Called by their lists.
import { StatusMark, type Tone } from '../../design/status-mark.tsx';
import { t } from '../../texts/translate.ts';
import type { Delivery, Event } from './event-requests.ts';

const EVENT_TONES: Record<Event['state'], Tone> = { waiting: 'wait', routed: 'good', set_aside: 'warn' };
const DELIVERY_TONES: Record<Delivery['status'], Tone> = {
  ...{ queued: 'wait', delivered: 'good', retry: 'warn', failed: 'bad' },
};

export function EventStatus({ state }: { state: Event['state'] }) {
  return <StatusMark tone={EVENT_TONES[state]}>{t(`events.state.${state}`)}</StatusMark>;
}

export function DeliveryStatus({ status }: { status: Delivery['status'] }) {
  return <StatusMark tone={DELIVERY_TONES[status]}>{t(`deliveries.status.${status}`)}</StatusMark>;
}
