// Who makes a request, as far as the platform cares: the world that the token opens and what it permits there.
import type { World } from '../accounts/account.ts';
import type { EffectivePermissions } from './permissions.ts';

export type Caller = World & {
  tokenId: string;
  kind: 'secret' | 'limited' | 'trusted';
  userId: string | null;
  permissions: EffectivePermissions;
};
