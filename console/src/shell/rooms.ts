// The rooms of an account, in the order of the list at the side. The palette has them too.
import type { TextKey } from '../texts/translate.ts';

type Place =
  | '/$account/$mode'
  | '/$account/$mode/functions'
  | '/$account/$mode/runs'
  | '/$account/$mode/people'
  | '/$account/$mode/audit';
type Room = { text: TextKey; to: Place; group: 'work' | 'account' };

export const ROOMS: readonly Room[] = [
  { text: 'room.overview', to: '/$account/$mode', group: 'work' },
  { text: 'room.functions', to: '/$account/$mode/functions', group: 'work' },
  { text: 'room.runs', to: '/$account/$mode/runs', group: 'work' },
  { text: 'room.people', to: '/$account/$mode/people', group: 'account' },
  { text: 'room.audit', to: '/$account/$mode/audit', group: 'account' },
];
