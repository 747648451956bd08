// Looks for the engines of all languages that this machine has. Called by the launcher, once at its start.
import type { MachineEngines } from '../contract/machine-engines.ts';
import { findDotnets } from './find-dotnets.ts';
import { findJavas } from './find-javas.ts';
import { findPythons } from './find-pythons.ts';

export async function findMachineEngines(environment: NodeJS.ProcessEnv): Promise<MachineEngines> {
  return {
    pythons: await findPythons(environment),
    dotnets: findDotnets(environment),
    javas: findJavas(environment),
  };
}
