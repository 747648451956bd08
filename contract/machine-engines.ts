// What of languages this machine has: found by the launcher, handed by it to its two other processes, which
// may not see where it lies. A language whose engines Millrace installs by itself isn't here. Pure.
import { type FoundDotnets, NO_DOTNETS, placeDotnets } from './dotnets.ts';
import { type FoundJavas, NO_JAVAS, placeJavas } from './javas.ts';
import type { FoundPython } from './pythons.ts';

export type MachineEngines = { pythons: readonly FoundPython[]; dotnets: FoundDotnets; javas: FoundJavas };

const NO_MACHINE_ENGINES: MachineEngines = { pythons: [], dotnets: NO_DOTNETS, javas: NO_JAVAS };

/** @param text MILLRACE_INTERNAL_ENGINES, which only the launcher sets */
export function parseMachineEngines(text: string | null): MachineEngines {
  return text === null ? NO_MACHINE_ENGINES : (JSON.parse(text) as MachineEngines);
}

/** These alone, of settings that hold more. */
export function machineEnginesOf({ pythons, dotnets, javas }: MachineEngines): MachineEngines {
  return { pythons, dotnets, javas };
}

/**
 * Folders that the server must reach, and where: it may not see where they lie. @returns [what, where], and
 * the same by these places
 */
export function placeMachineEngines(
  found: MachineEngines,
  runDir: string,
): { binds: [string, string][]; engines: MachineEngines } {
  const dotnets = placeDotnets(found.dotnets, runDir);
  const javas = placeJavas(found.javas, runDir);
  return {
    binds: [...dotnets.binds, ...javas.binds],
    engines: { pythons: found.pythons, dotnets: dotnets.dotnets, javas: javas.javas },
  };
}
