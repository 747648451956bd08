// How every check reports what it found: one line a problem, all of them, then status 1. Called by the
// check-*.ts files.

export type Problem = {
  /** Relative to the repository. */
  path: string;
  /** From 1. */
  line: number;
  /** What is there and which rule it breaks. */
  text: string;
};

/** Prints the problems in the order of files and lines; ends the process with status 1 where there is any. */
export function finish(problems: Problem[]): void {
  const sorted = [...problems].sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
  for (const problem of sorted) console.log(`${problem.path}:${problem.line}: ${problem.text}`);
  if (problems.length > 0) process.exitCode = 1;
}
