// The rooms of an account, in the order of the list at the side. The palette has them too.
import type { TextKey } from '../texts/translate.ts';
import { useMay } from './session.ts';

type Place =
  | '/$account/$mode'
  | '/$account/$mode/functions'
  | '/$account/$mode/runs'
  | '/$account/$mode/numbers'
  | '/$account/$mode/events'
  | '/$account/$mode/schedules'
  | '/$account/$mode/values'
  | '/$account/$mode/sources'
  | '/$account/$mode/sites'
  | '/$account/$mode/operator/accounts'
  | '/$account/$mode/operator/platform'
  | '/$account/$mode/usage'
  | '/$account/$mode/calls'
  | '/$account/$mode/settings'
  | '/$account/$mode/people'
  | '/$account/$mode/audit';
type Room = { text: TextKey; to: Place; group: 'work' | 'account' | 'operator' };

const ROOMS: readonly Room[] = [
  { text: 'room.overview', to: '/$account/$mode', group: 'work' },
  { text: 'room.functions', to: '/$account/$mode/functions', group: 'work' },
  { text: 'room.runs', to: '/$account/$mode/runs', group: 'work' },
  { text: 'room.numbers', to: '/$account/$mode/numbers', group: 'work' },
  { text: 'room.events', to: '/$account/$mode/events', group: 'work' },
  { text: 'room.schedules', to: '/$account/$mode/schedules', group: 'work' },
  { text: 'room.sources', to: '/$account/$mode/sources', group: 'work' },
  { text: 'room.values', to: '/$account/$mode/values', group: 'work' },
  { text: 'room.sites', to: '/$account/$mode/sites', group: 'work' },
  { text: 'room.usage', to: '/$account/$mode/usage', group: 'account' },
  { text: 'room.calls', to: '/$account/$mode/calls', group: 'account' },
  { text: 'room.people', to: '/$account/$mode/people', group: 'account' },
  { text: 'room.audit', to: '/$account/$mode/audit', group: 'account' },
  { text: 'room.settings', to: '/$account/$mode/settings', group: 'account' },
  { text: 'room.accounts', to: '/$account/$mode/operator/accounts', group: 'operator' },
  { text: 'room.platform', to: '/$account/$mode/operator/platform', group: 'operator' },
];

/** The rooms of a person: the operator's are there for those who operate the installation. */
export function useRooms(): readonly Room[] {
  const operates = useMay('operator', 'read');
  return ROOMS.filter(({ group }) => group !== 'operator' || operates);
}
