// The programs that run a handler on this machine: each connects to the terminal's process, says the word
// that it was given, and answers one line of JSON with another, `{event, context}` with `{result, error}`.
// Each finds the handler as the runtime at Millrace does, in short. Text: they run in the languages of
// functions, outside this program. Called by local-process.ts.

/** What a program finds in its environment, as JSON, and removes before it loads the handler. */
export type Asked = {
  port: number;
  word: string;
  handler: string;
  /** Folder of the code. */
  root: string;
  inspectPort: number;
  /** For a debugger, and once more before the handler is called. */
  waits: boolean;
};

export const ASKED = 'MILLRACE_INTERNAL_ASKED';

export const NODE_PROGRAM = `import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const asked = JSON.parse(process.env.${ASKED});
delete process.env.${ASKED};
async function find() {
  const [file, ...members] = path.basename(asked.handler).split('.');
  const place = path.join(asked.root, path.dirname(asked.handler), file);
  const found = ['.js', '.mjs', '.cjs', '.ts'].map((ending) => place + ending).find((one) => existsSync(one));
  if (found === undefined) throw new Error(place + ' is not there');
  const loaded = await import(pathToFileURL(found));
  const handler = members.reduce((value, name) => value?.[name], loaded) ??
    members.reduce((value, name) => value?.[name], loaded.default);
  if (typeof handler !== 'function') throw new Error(asked.handler + ' is no function');
  return handler;
}
let handler;
async function run({ event, context }) {
  handler ??= await find();
  const given = { ...context, getRemainingTimeInMillis: () => 900_000 };
  if (asked.waits) debugger; // Step into the next lines: there is your handler.
  return await new Promise((resolve, reject) => {
    const done = (error, value) => (error ? reject(error) : resolve(value));
    const returned = handler(event, { ...given, done, succeed: resolve, fail: reject }, done);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    else if (returned !== undefined && handler.length < 3) resolve(returned);
  });
}
const socket = connect(asked.port, '127.0.0.1');
socket.on('close', () => process.exit());
socket.write(asked.word + '\\n');
for await (const line of createInterface({ input: socket })) {
  let answer;
  try {
    answer = { result: (await run(JSON.parse(line))) ?? null, error: null };
  } catch (error) {
    console.error(error);
    const stack = String(error?.stack ?? error);
    answer = { result: null, error: { name: error?.name ?? 'Error', message: String(error?.message ?? error), stack } };
  }
  socket.write(JSON.stringify(answer) + '\\n');
}
process.exit();
`;

export const PYTHON_PROGRAM = `import importlib, json, os, socket, sys, traceback
import debugpy

asked = json.loads(os.environ.pop('${ASKED}'))
os.chdir(asked['root'])
sys.path.insert(0, asked['root'])
host, port = debugpy.listen(('127.0.0.1', asked['inspectPort']))
print(f'Debugger listening on {host}:{port}: attach to it from your editor (debugpy)', file=sys.stderr, flush=True)
if asked['waits']:
    debugpy.wait_for_client()


class Context:
    def __init__(self, told):
        self.__dict__.update(told)

    def get_remaining_time_in_millis(self):
        return 900000


def find():
    place, _, name = asked['handler'].rpartition('.')
    return getattr(importlib.import_module(place.replace('/', '.')), name)


handler = None
with socket.create_connection(('127.0.0.1', asked['port'])) as connection:
    lines = connection.makefile('rw', encoding='utf-8', newline='\\n')
    lines.write(asked['word'] + '\\n')
    lines.flush()
    for line in lines:
        told = json.loads(line)
        try:
            handler = handler or find()
            event, context = told['event'], Context(told['context'])
            if asked['waits']:
                debugpy.breakpoint()  # Step into the next line: it is your handler.
            answer = {'result': handler(event, context), 'error': None}
            text = json.dumps(answer)
        except BaseException as error:
            traceback.print_exc()
            shown = {'name': type(error).__name__, 'message': str(error), 'stack': traceback.format_exc()}
            text = json.dumps({'result': None, 'error': shown})
        lines.write(text + '\\n')
        lines.flush()
`;
