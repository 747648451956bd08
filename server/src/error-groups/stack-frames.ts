// The frames of a stack as runtimes write it: file, line and function of each, the innermost first, and
// which of them are the function's own code. Pure. Called by what groups errors and by what shows where one
// came from.

export type StackFrame = {
  /** As the function's owner knows it: `lib/orders.js`; null where the stack has no file. */
  file: string | null;
  line: number | null;
  column: number | null;
  /** The function or method; null where it has no name. */
  name: string | null;
  /** Whether it is the function's own code: no package, no runtime, no standard library. */
  isOwn: boolean;
};

/** A stack is strangers' text: so many of its lines are looked at, and so much of each. */
const MOST_LINES = 200;
const MOST_CHARACTERS = 1_000;

const TASK = '/var/task/';
/** `at handler (file:///var/task/index.mjs:3:9)`, `at /var/task/index.js:3:9` */
const NODE = /^\s*at (?:(?:async )?(.+?) \()?(?:file:\/\/)?([^()\s][^()]*?):(\d+):(\d+)\)?$/;
/** `File "/var/task/lambda_function.py", line 3, in handler` */
const PYTHON = /^\s*File "([^"]+)", line (\d+), in (.+)$/;
/** `com.example.Handler.handle(Handler.java:12)`, with or without `at` */
const JAVA = /^\s*(?:at )?([\w.$<>]+)\(([\w$]+\.(?:java|kt|scala)):(\d+)\)$/;
/** `at Shop.Handler.Handle(Order order) in /src/Handler.cs:line 12` */
const DOTNET = /^\s*at ([^(\s]+)\([^)]*\)(?: in (.+):line (\d+))?$/;
const LIBRARIES = /^(java|javax|jdk|sun|com\.sun|kotlin|System|Microsoft|millrace|Millrace)\./;

export function stackFrames(stack: string): StackFrame[] {
  const lines = stack.split('\n', MOST_LINES).map((line) => line.slice(0, MOST_CHARACTERS));
  const frames = lines.flatMap((line) => frameOf(line) ?? []);
  // Python names the innermost last.
  return lines.some((line) => PYTHON.test(line)) ? frames.reverse() : frames;
}

/** The innermost in the function's own code; null where the stack has none. */
export function innermostOwn(stack: string): StackFrame | null {
  return stackFrames(stack).find(({ isOwn }) => isOwn) ?? null;
}

function frameOf(line: string): StackFrame | null {
  const node = NODE.exec(line);
  if (node !== null) return inFile(node[2] ?? '', { line: node[3], column: node[4], name: node[1] });
  const python = PYTHON.exec(line);
  if (python !== null)
    return inFile(python[1] ?? '', { line: python[2], column: undefined, name: python[3] });
  const java = JAVA.exec(line);
  if (java !== null) return inClass(java[1] ?? '', java[2], java[3]);
  const dotnet = DOTNET.exec(line);
  return dotnet === null ? null : inClass(dotnet[1] ?? '', dotnet[2], dotnet[3]);
}

type Place = { line: string | undefined; column: string | undefined; name: string | undefined };

function inFile(file: string, { line, column, name }: Place): StackFrame {
  const isTask = file.startsWith(TASK);
  return {
    file: isTask ? file.slice(TASK.length) : file,
    line: numberOf(line),
    column: numberOf(column),
    name: name ?? null,
    isOwn: isTask && !/(^|\/)(node_modules|site-packages)\//.test(file),
  };
}

function inClass(name: string, file: string | undefined, line: string | undefined): StackFrame {
  return { file: file ?? null, line: numberOf(line), column: null, name, isOwn: !LIBRARIES.test(name) };
}

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
