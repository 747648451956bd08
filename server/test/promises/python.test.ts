// Functions in Python, as they are packaged for Lambda: uploaded through Comecero's API, run in real jails on
// the Pythons of this machine. What a handler gets and answers is in runtimes/conformance/python.test.ts.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findPythons } from '../../../launcher/find-pythons.ts';
import { makeAuthority } from '../internet/certificates.ts';
import { Customer, type FunctionFields, type HostedFunction, zipOf } from './customer.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

const pythons = await findPythons(process.env);
const [oldest] = pythons;
const newest = pythons.at(-1);
const skip = noJails() || (newest === undefined && 'there is no Python 3.8 or later on this machine');

let millrace: Millrace;
let customer: Customer;
let certificates: ReturnType<typeof makeAuthority>;
let folder: string;

before(async () => {
  if (skip !== false) return;
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-python-'));
  certificates = makeAuthority(folder);
  millrace = await startMillrace({ env: { MILLRACE_EXTRA_CA_CERTS: certificates.caFile } });
  customer = new Customer(millrace);
});
after(async () => {
  await millrace?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const code = (version: string | undefined): string => `python${version}`;

/** A handler whose answer is what `body` returns, as JSON. */
const answering = (body: string): string => `import json, os, sys
COUNT = 0

def work(event):
${body.replace(/^/gm, '    ')}

def lambda_handler(event, context):
    global COUNT
    COUNT += 1
    return {"statusCode": 200, "body": json.dumps(work(event))}
`;

function upload(
  text: string,
  more: Record<string, string> = {},
  fields: FunctionFields = {},
): Promise<HostedFunction> {
  return customer.upload(zipOf({ 'lambda_function.py': text, ...more }), {
    handler: 'lambda_function.lambda_handler',
    environment: code(newest?.version),
    ...fields,
  });
}

async function answerOf<T>(fn: HostedFunction): Promise<T> {
  const answer = await customer.call(fn);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${text} ${JSON.stringify((await customer.runOf(answer)).error)}`);
  return JSON.parse(text) as T;
}

const VERSION = answering('return "%d.%d.%d" % sys.version_info[:3]');

for (const { version, exact } of skip === false ? pythons : []) {
  test(`${code(version)} runs on Python ${exact}`, { skip }, async () => {
    const fn = await upload(VERSION, {}, { environment: code(version) });
    assert.equal(await answerOf(fn), exact);
    const { engine } = await customer.json<{ engine: object }>(`/api/v1/hosted_functions/${fn.id}`);
    assert.deepEqual(engine, { name: 'python', version: exact, substituted: false });
  });
}

test('a Python that is gone runs on the oldest that is newer, and says so', { skip }, async () => {
  const fn = await upload(VERSION, {}, { environment: 'python2.7' });
  assert.equal(await answerOf(fn), oldest?.exact);
  const { engine } = await customer.json<{ engine: object }>(`/api/v1/hosted_functions/${fn.id}`);
  assert.deepEqual(engine, { name: 'python', version: oldest?.exact, substituted: true });
});

test('a Python newer than all of this machine is refused with what to install', {
  skip: skip || (newest?.version === '3.14' && 'this machine has the newest that there is a code for'),
}, async () => {
  await assert.rejects(upload(VERSION, {}, { environment: 'python3.14' }), (error: Error) => {
    assert.match(error.message, /: 400 .*python3\.14 needs Python 3\.14 or later, and this machine has /);
    return true;
  });
});

test('every runtime that may be named is listed with what runs it', { skip }, async () => {
  const { data } = await customer.json<{
    data: { code: string; version: string | null; problem: string | null }[];
  }>('/millrace/v1/runtimes');
  const of = (name: string) => data.find((one) => one.code === name);
  assert.equal(of(code(newest?.version))?.version, newest?.exact);
  assert.equal(of('python2.7')?.version, oldest?.exact);
  for (const { version, problem } of data) assert.equal(version === null, problem !== null);
});

test('modules beside the handler are found, in folders and at the root, and nothing that is installed', {
  skip,
}, async () => {
  const fn = await upload(
    answering(`import shared
import vendor.prices
try:
    import pip
    found = "pip"
except ImportError:
    found = "none"
return [shared.NAME, vendor.prices.PRICE, found]`),
    { 'shared.py': 'NAME = "shared"\n', 'vendor/__init__.py': '', 'vendor/prices.py': 'PRICE = 3\n' },
  );
  assert.deepEqual(await answerOf(fn), ['shared', 3, 'none']);
});

test('an instance keeps the state of its modules, and with `reuse: none` no run sees another’s', {
  skip,
}, async () => {
  const fn = await upload(answering('return COUNT'));
  assert.deepEqual([await answerOf(fn), await answerOf(fn)], [1, 2]);
  await customer.settings(fn, { reuse: 'none' });
  assert.deepEqual([await answerOf(fn), await answerOf(fn)], [1, 1]);
});

test('an error is a 502, and the run tells type, message, frames and the line', { skip }, async () => {
  const fn = await upload(answering('raise ValueError("no such sale")'));
  const answer = await customer.call(fn);
  assert.deepEqual([answer.status, await answer.json()], [502, { message: 'Internal server error' }]);
  const run = await customer.runOf(answer);
  assert.equal(run.status, 'failed');
  assert.deepEqual([run.error?.type, run.error?.message], ['ValueError', 'no such sale']);
  assert.match(
    run.error?.stack ?? '',
    /^ {2}File "\/var\/task\/lambda_function\.py", line \d+, in lambda_handler\n {4}return/,
  );
  assert.match(run.engine ?? '', /^python 3\./);
  const line = (await customer.logOf(run)).find((text) => text.startsWith('[ERROR]'));
  assert.match(line ?? '', /^\[ERROR\] ValueError: no such sale\rTraceback \(most recent call last\):\r/);
});

test('what can’t be imported is told to every caller', { skip }, async () => {
  const answer = await customer.call(await upload('import nothing_of_this_name\n'));
  assert.equal(answer.status, 502);
  const { error } = await customer.runOf(answer);
  assert.deepEqual(error?.type, 'Runtime.ImportModuleError');
  assert.equal(
    error?.message,
    "Unable to import module 'lambda_function': No module named 'nothing_of_this_name'",
  );
});

const ENDS: [what: string, body: string, status: string, message: RegExp][] = [
  ['takes too long', 'import time\ntime.sleep(60)', 'timed_out', /Task timed out after 1\.00 seconds$/],
  ['exits', 'sys.exit(3)', 'crashed', /Runtime exited with error: exit status 3$/],
  ['aborts', 'os.abort()', 'crashed', /Runtime exited with error: signal: aborted$/],
  [
    'takes all memory',
    'return len([bytearray(1 << 20) for _ in range(4096)])',
    'out_of_memory',
    /128 MB of memory$/,
  ],
];

for (const [what, body, status, message] of ENDS) {
  test(`a run that ${what} is ${status}, and the next one runs`, { skip }, async () => {
    const fn = await upload(
      answering(`if event["queryStringParameters"]:\n${body.replace(/^/gm, '    ')}\nreturn "well"`),
    );
    await customer.settings(fn, { timeout_ms: status === 'timed_out' ? 1_000 : 30_000, memory_mb: 128 });
    const answer = await customer.request(`${fn.invokeUrl}?bad=1`);
    assert.equal(answer.status, 502);
    const run = await customer.runOf(answer);
    assert.equal(run.status, status, JSON.stringify(run.error));
    assert.match(run.error?.message ?? '', message);
    assert.equal(await answerOf(fn), 'well');
  });
}

test('several runs in one process are refused', { skip }, async () => {
  const fn = await upload(VERSION);
  await assert.rejects(
    customer.settings(fn, { concurrency: 4 }),
    /400 .*concurrency: can only be 1 with the runtime python3/,
  );
});

test('roots of MILLRACE_EXTRA_CA_CERTS are trusted besides the usual ones', { skip }, async () => {
  const { keyFile, certFile } = certificates.issue('localhost');
  const fn = await upload(
    answering(`import http.server, ssl, threading, urllib.request
class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"trusted")
server = http.server.HTTPServer(("127.0.0.1", 0), Hello)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
with urllib.request.urlopen("https://localhost:%d/" % server.server_port) as answer:
    text = answer.read().decode()
return [text, len(ssl.create_default_context().get_ca_certs()) > 10]`),
    { 'key.pem': readFileSync(keyFile, 'utf8'), 'cert.pem': readFileSync(certFile, 'utf8') },
  );
  assert.deepEqual(await answerOf(fn), ['trusted', true]);
});

test('the jail is the same: nothing of the machine, no way to write, no system call that Node hasn’t', {
  skip,
}, async () => {
  const fn = await upload(
    answering(`import ctypes, errno, threading
libc = ctypes.CDLL(None, use_errno=True)
def called(name, *arguments):
    ctypes.set_errno(0)
    done = getattr(libc, name)(*arguments)
    return "done" if done >= 0 else errno.errorcode[ctypes.get_errno()]
def tried(act):
    try:
        act()
        return "done"
    except OSError as error:
        return errno.errorcode[error.errno]
    except RuntimeError:
        return "refused"
def storm():
    gate = threading.Event()
    threads = []
    try:
        for _ in range(5000):
            thread = threading.Thread(target=gate.wait)
            thread.start()
            threads.append(thread)
    finally:
        gate.set()
        for thread in threads:
            thread.join()
engine = sys.executable
return {
    "mount": called("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    "unshare": called("unshare", 0x10000000),
    "ptrace": called("ptrace", 16, 1, 0, 0),
    "setuid": called("setuid", 0),
    "engine": tried(lambda: open(engine, "ab")),
    "library": tried(lambda: open(os.path.join(os.path.dirname(os.__file__), "x.py"), "w")),
    "code": tried(lambda: open("/var/task/x.py", "w")),
    "home": tried(lambda: os.listdir("/root")),
    "storm": tried(storm),
    "ids": [os.getuid(), os.geteuid()],
    "core": __import__("resource").getrlimit(__import__("resource").RLIMIT_CORE),
    "packages": sum(len(files) for folder in sys.path if folder.startswith("/opt") for _, _, files in os.walk(os.path.join(folder, "site-packages"))),
}`),
  );
  const { storm, ...found } = await answerOf<Record<string, unknown>>(fn);
  assert.deepEqual(found, {
    ...{ mount: 'EPERM', unshare: 'EPERM', ptrace: 'EPERM', setuid: 'EINVAL' },
    ...{ engine: 'EACCES', library: 'EROFS', code: 'EROFS', home: 'ENOENT' },
    ...{ ids: [1000, 1000], core: [0, 0], packages: 0 },
  });
  assert.notEqual(storm, 'done');
});
