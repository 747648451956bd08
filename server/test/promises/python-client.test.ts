// The client for Python as its users have it: two files, and Python's standard library. Beside a real
// Millrace: operations, pages, typed errors; beside a server that loses answers: tries with one
// Idempotency-Key.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const CLIENT = path.resolve(import.meta.dirname, '../../../client/python');
const skip = noJails();
let millrace: Millrace;

before(async () => {
  if (skip === false) millrace = await startMillrace();
});
after(() => millrace?.close());

/** @returns what the program prints, as JSON */
async function run(program: string, env: Record<string, string>): Promise<ReturnType<typeof JSON.parse>> {
  const text = `import io, json, os, zipfile\nfrom millrace_client import Millrace, MillraceError\n${program}`;
  const own = { ...process.env, PYTHONPATH: CLIENT, PYTHONDONTWRITEBYTECODE: '1', ...env };
  const printed = await new Promise<string>((resolve, reject) => {
    execFile('python3', ['-W', 'error', '-c', text], { env: own }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr)),
    );
  });
  return JSON.parse(printed);
}

describe('the client for Python', { skip }, () => {
  it('asks by operations, goes through pages, and raises what was refused', async () => {
    const told = await run(
      `
millrace = Millrace(os.environ["URL"], os.environ["TOKEN"])
for name in ("one", "two", "three"):
    made = millrace.functions_create({"name": name, "code": {"inline": "exports.handler = async ({ data }) => data * 2;"}})
ran = millrace.functions_runs(made["id"], 21)
names = [one["name"] for one in millrace.functions_list(limit=2)]
try:
    millrace.runs_get("no-run")
except MillraceError as error:
    refused = [error.code, error.status, error.is_ours]
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w") as archive:
    archive.writestr("index.py", "def handler(event, context):\\n    return 7\\n")
zipped = millrace.functions_create({"name": "zipped", "runtime": "python3.11"}, code_zip=packed.getvalue())
millrace.functions_delete(zipped["id"])
print(json.dumps([ran["run"]["status"], ran["result"], sorted(names), refused, zipped["runtime"]]))
`,
      { URL: millrace.url, TOKEN: millrace.token },
    );
    const refused = ['not_found', 404, false];
    assert.deepEqual(told, ['succeeded', 42, ['one', 'three', 'two'], refused, 'python3.11']);
  });

  it('tries again with one key, as long as it is told, and not what is refused', async () => {
    const keys: string[] = [];
    const server = createServer((request, response) => {
      request.resume();
      keys.push(`${request.method} ${request.headers['idempotency-key']}`);
      if (keys.length === 1) request.socket.destroy();
      else if (keys.length === 2) response.writeHead(503, { 'retry-after': '0' }).end();
      else if (keys.length === 3)
        response.writeHead(201, { 'content-type': 'application/json' }).end('{"id": "x"}');
      else response.writeHead(422, { 'content-type': 'text/html' }).end('<p>no</p>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const told = await run(
        `
millrace = Millrace(os.environ["URL"], "t")
made = millrace.key_values_create({"key": "k", "value": "v"})
try:
    millrace.key_values_list()
    next(millrace.key_values_list())
except MillraceError as error:
    print(json.dumps([made, error.code, error.status]))
`,
        { URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      );
      assert.deepEqual(told, [{ id: 'x' }, 'unexpected_answer', 422]);
      assert.equal(keys.length, 4);
      assert.equal(new Set(keys.slice(0, 3)).size, 1);
      assert.match(keys[0] as string, /^POST [0-9a-f-]{36}$/);
    } finally {
      server.close();
    }
  });

  it('takes its token nowhere else', async () => {
    const tokens: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      tokens.push(headers.authorization);
      const elsewhere = `http://localhost:${(server.address() as AddressInfo).port}/elsewhere`;
      response.writeHead(302, { location: elsewhere }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const told = await run(
        `
try:
    Millrace(os.environ["URL"], "t").runs_get("one")
except MillraceError as error:
    print(json.dumps([error.code, error.status, "/elsewhere" in str(error)]))
`,
        { URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      );
      assert.deepEqual(told, ['unexpected_answer', 302, true]);
      assert.deepEqual(tokens, ['Bearer t']);
    } finally {
      server.close();
    }
  });

  it('is known to what checks types: shapes have names and members', () => {
    const program =
      'import millrace_operations as made; print(len(made.Run.__annotations__), len(dir(made.Operations)))';
    const env = { ...process.env, PYTHONPATH: CLIENT, PYTHONDONTWRITEBYTECODE: '1' };
    const [members = 0, methods = 0] = execFileSync('python3', ['-c', program], { env, encoding: 'utf8' })
      .split(' ')
      .map(Number);
    assert.ok(members > 20 && methods > 150, `${members} ${methods}`);
  });
});
