// What each main.ts does around its role: nothing that it was started with leaks into what it starts, and
// its end is an exit status. Exits nothing itself. Called by every main.ts.
import { closeInheritedDescriptors } from './close-inherited.ts';
import { DIED } from './exit-status.ts';
import { Died } from './run-until-stopped.ts';
import { StartError } from './start-error.ts';

/**
 * @param couldNotStart exit status where the operator has something to put right
 * @returns the exit status
 */
export async function runProgram(role: () => Promise<void>, couldNotStart: number): Promise<number> {
  closeInheritedDescriptors();
  // What is made for the server's user and for jails must be open to them, whatever the shell's habit.
  process.umask(0o022);
  try {
    await role();
    return 0;
  } catch (error) {
    // What the person at the keyboard can put right is said in plain words, the rest with its stack.
    if (!(error instanceof StartError || error instanceof Died)) throw error;
    console.error(`millrace: ${error.message}`);
    return error instanceof Died ? DIED : couldNotStart;
  }
}
