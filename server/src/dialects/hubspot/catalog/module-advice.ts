// What to do about code that loads a module which isn't there: a package that was never installed, or a file
// that was never uploaded. Pure. Said behind the error of a run, in its log, and in the report of an import.
import type { RunError } from '../../../sandbox/outcome.ts';
import { projectNameOf } from './project-record.ts';

/** Node's words, of `require` and of `import`. */
const NOT_FOUND = /^(?:[A-Za-z]*Error(?: \[[A-Z_]+\])?: )?Cannot find (?:module|package) '([^'\n]{1,300})'/;
/** Where a folder's files are mounted. */
const TASK_ROOT = '/var/task/';

/** @param folder that the code is in @returns null for any other error */
export function moduleAdvice({ message }: Pick<RunError, 'message'>, folder: string): string | null {
  const name = NOT_FOUND.exec(message)?.[1];
  if (name === undefined) return null;
  if (/^[./]/.test(name)) return fileAdvice(name, folder);
  return `What to do: ${packageAdvice(packageOf(name), folder)}`;
}

/** What brings a package to a folder, whether or not its package.json names it already. */
export function packageAdvice(name: string, folder: string): string {
  const project = projectNameOf(folder);
  if (project !== null) {
    return `name ${name} under "dependencies" in the package.json beside the code, and run \`hs project upload --use-env\` for ${project}.`;
  }
  return `name ${name} under "dependencies" in ${folder}/package.json, upload it, and run ${deployCommand(folder)}.`;
}

/**
 * With the flag that keeps the CLI from its configuration, and from the key in there. The older name is that
 * of every version before 8.
 */
export function deployCommand(folder: string): string {
  return `\`hs cms function deploy ${folder} --use-env\` (CLI 7 and older: \`hs functions deploy\`)`;
}

function fileAdvice(name: string, folder: string): string {
  const inside = name.startsWith(TASK_ROOT) ? name.slice(TASK_ROOT.length) : name;
  const where = projectNameOf(folder) === null ? folder : 'the folder of the code';
  return `What to do: upload the file ${inside} to ${where}. HubSpot's CLI sends no .mjs, .cjs and .ts files, and no node_modules.`;
}

function packageOf(name: string): string {
  const [first = '', second = ''] = name.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
