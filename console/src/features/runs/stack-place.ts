// Where in the function's own code an error came from, as its stack says it. Pure. Called by the page of a
// run.
export type Place = { file: string; line: number };

/** Node: `at x (/var/task/index.js:14:9)`; Python: `File "/var/task/app.py", line 3`. */
const FRAMES = [
  /(?:file:\/\/)?\/var\/task\/([^\s:()"]+):(\d+)(?::\d+)?/,
  /File "\/var\/task\/([^"]+)", line (\d+)/,
];

/** @param files paths that the version has; frames of packages are no place of the user's own */
export function placeOf(stack: string, files: readonly string[]): Place | null {
  const lines = stack.split('\n');
  // Python names the innermost frame last.
  const ordered = lines.some((line) => line.includes('File "')) ? lines.reverse() : lines;
  for (const line of ordered) {
    for (const frame of FRAMES) {
      const [, file = '', number = ''] = frame.exec(line) ?? [];
      if (files.includes(file) && !file.includes('node_modules/')) return { file, line: Number(number) };
    }
  }
  return null;
}
