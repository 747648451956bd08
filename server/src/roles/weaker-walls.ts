// Says which walls are weaker where Millrace runs without root, in sentences for its operator: at the start,
// in the API and by the doctor. Pure. The whole comparison: docs/security.md.
import type { WithoutRoot } from '../../../contract/without-root.ts';

/** How to be given cgroups by systemd. */
export const DELEGATE_ADVICE =
  'start by `systemd-run --user --scope -p Delegate=yes npm start` for limits that the kernel keeps';

type Found = Pick<WithoutRoot, 'noNetwork' | 'cgroups'>;

export function weakerWalls({ noNetwork, cgroups }: Found): string[] {
  return [
    'Millrace runs WITHOUT ROOT: functions, server, supervisor and database are one user of this machine, so code that breaks out of ' +
      'its jail reaches them all; see docs/security.md',
    ...(cgroups === null
      ? [
          `no cgroups are this user’s: memory is looked at ten times a second, and processors are shared by priority only; ${DELEGATE_ADVICE}`,
        ]
      : []),
    ...(cgroups !== null && cgroups.cpu === undefined
      ? ['the cgroup controller cpu is not this user’s: processors are shared by priority only']
      : []),
    ...(noNetwork === null ? [] : [`functions have no network: ${noNetwork}`]),
  ];
}
