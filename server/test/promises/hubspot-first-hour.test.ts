// The nine commands on top of docs/moving-from-hubspot.md, run as printed in one shell and an empty folder: a
// theme is fetched by HubSpot's CLI (from a Millrace that stands in for HubSpot), moved in, and a page of the
// site calls it in a browser, through the site's own nginx.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { docBlocks } from '../../../scripts/doc-blocks.ts';
import { openRegistry, type Registry } from '../builds/registry.ts';
import { ensureCli } from './hubspot-cli.ts';
import { type OpenedBrowser, openBrowser } from './open-browser.ts';
import { Site } from './site.ts';
import { ADMIN_TOKEN, freePort, type Millrace, noJails, startMillrace } from './start-millrace.ts';

const skip = noJails();
const ROOT = path.resolve(import.meta.dirname, '../../..');
const CLI_VERSION = '8.14.0';
const CLI = path.join(ROOT, 'build/clis', CLI_VERSION, 'node_modules/@hubspot/cli/bin/hs.js');
const SITE = 'www.example.com';
const MOST_COMMANDS = 9;
const SECRET = 'pat-na1-of-a-private-app';
/** The machine's part of what the page promises, many times over: a busy machine is no slow product. */
const GIVE_UP_AFTER_MS = 480_000;

const THEME = {
  'templates/form.html': '<h1>A theme</h1>',
  'api.functions/serverless.json': JSON.stringify({
    runtime: 'nodejs20.x',
    secrets: ['API_KEY'],
    endpoints: { subscribe: { method: 'POST', file: 'subscribe.js' }, visitor: { file: 'visitor.js' } },
  }),
  'api.functions/package.json': '{"dependencies": {"left-right": "^3.0.0"}}',
  'api.functions/subscribe.js': `const leftRight = require('left-right');
    exports.main = ({ body }, sendResponse) =>
      sendResponse({ statusCode: 201, body: { email: body.email, leftRight, key: process.env.API_KEY.length } });`,
  'api.functions/visitor.js': `exports.main = ({ headers, accountId }, sendResponse) =>
      sendResponse({ body: { address: headers['x-forwarded-for'], accountId } });`,
};

const PAGE = `<!doctype html><title>A site</title><p id="said"></p><script>
  fetch('/_hcms/api/subscribe?portalid=62515', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'ann@example.com' }),
  }).then((response) => response.json()).then((said) => { document.getElementById('said').textContent = JSON.stringify(said); });
</script>`;

let hubspot: Millrace;
let hubspotTls: number;
let registry: Registry;
let browser: OpenedBrowser;
let folder: string;
let ports: { millrace: number; tls: number; site: number };

// Before any test's time begins: minutes, where npm has to fetch it.
if (!skip) ensureCli(CLI_VERSION);

before(async () => {
  if (skip) return;
  registry = await openRegistry([
    { name: 'left-right', version: '3.1.4', files: { 'index.js': 'module.exports = "left-right 3"' } },
  ]);
  hubspotTls = await freePort();
  hubspot = await startMillrace({ env: { MILLRACE_TLS_PORT: String(hubspotTls) } });
  const theirs = new Site(hubspot);
  for (const [name, text] of Object.entries(THEME)) await theirs.uploadFile(`my-theme/${name}`, text);
  ports = { millrace: await freePort(), tls: await freePort(), site: await freePort() };
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-hour-'));
  execFileSync('chmod', ['755', folder]);
  openSite();
  browser = await openBrowser([SITE]);
});
after(async () => {
  await browser?.close();
  if (folder) {
    stopMillrace();
    execFileSync('nginx', ['-c', path.join(folder, 'nginx/nginx.conf'), '-s', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  }
  await hubspot?.close();
  await registry?.close();
});

/** The site as it is before the move: a page, and an include that is still empty. */
function openSite(): void {
  for (const name of ['nginx/snippets', 'nginx/html', 'nginx/temp', 'home/.hscli', 'work']) {
    mkdirSync(path.join(folder, name), { recursive: true });
  }
  const at = path.join(folder, 'nginx');
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${at}/temp/${name};`,
  );
  writeFileSync(path.join(at, 'snippets/millrace.conf'), '');
  writeFileSync(path.join(at, 'html/index.html'), PAGE);
  writeFileSync(
    path.join(at, 'nginx.conf'),
    [
      `user root;\npid ${at}/pid;\nerror_log ${at}/error.log;\nevents {}\nhttp {\n  access_log off;`,
      ...temp,
      `  server {\n    listen 127.0.0.1:${ports.site};\n    server_name ${SITE};\n    root ${at}/html;`,
      '    default_type text/html;\n    include snippets/millrace.conf;\n  }\n}\n',
    ].join('\n'),
  );
  execFileSync('nginx', ['-c', path.join(at, 'nginx.conf')]);
}

/** What stands for the user's machine: their account at HubSpot, their nginx, the repository's address. */
function prelude(): string {
  const home = path.join(folder, 'home');
  const account = {
    accountId: 1001,
    env: 'prod',
    authType: 'personalaccesskey',
    personalAccessKey: ADMIN_TOKEN,
  };
  const members = Object.entries(account).map(([name, value]) => `    ${name}: ${value}`);
  writeFileSync(
    path.join(home, '.hscli/config.yml'),
    `defaultAccount: 1001\nallowUsageTracking: false\naccounts:\n  - name: mine\n${members.join('\n')}\n    auth:\n      tokenInfo: {}\n`,
  );
  const nginx = path.join(folder, 'nginx');
  return `
    set -e
    export HOME='${home}' NO_UPDATE_NOTIFIER=1 NODE_COMPILE_CACHE='${ROOT}/build/clis/compile-cache'
    export HUBAPI_DOMAIN_OVERRIDE=localhost:${hubspotTls}/hs NODE_EXTRA_CA_CERTS='${hubspot.dataDir}/tls/ca.pem'
    export MILLRACE_PORT=${ports.millrace} MILLRACE_TLS_PORT=${ports.tls} MILLRACE_NPM_REGISTRY=${registry.url}
    export MILLRACE_ENGINES_DIR='${process.env.MILLRACE_ENGINES_DIR ?? path.join(ROOT, 'build/engines')}'
    hs() { echo '${SECRET}' | '${process.execPath}' '${CLI}' "$@"; }
    git() { cp -r '${folder}/clone' "\${@: -1}"; }
    nginx() { command nginx -c '${nginx}/nginx.conf' "$@"; }
    sudo() { "$@"; }
    cd '${folder}/work'
  `;
}

/** The commands, with the ports of this test, and with the wait that the page asks for. */
function commandsOf(box: string): string {
  const started = `echo $! > '${folder}/pid'
    until curl -sf http://localhost:${ports.millrace}/healthz > /dev/null; do sleep 0.2; done`;
  return box
    .replace('<address of this repository>', 'https://example.com/millrace')
    .replaceAll('localhost:8743', `localhost:${ports.tls}`)
    .replaceAll('/etc/nginx/', `${folder}/nginx/`)
    .replaceAll(
      'npx millrace import-hubspot',
      `npx millrace import-hubspot --server http://localhost:${ports.millrace}`,
    )
    .replace(/npm start &\n/, `npm start > '${folder}/millrace.log' 2>&1 &\n${started}\n`);
}

/** This tree, as a clone of it would be, without what is installed and built in it. */
function makeClone(): void {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const name of files.toString().split('\0').filter(Boolean)) {
    cpSync(path.join(ROOT, name), path.join(folder, 'clone', name), { recursive: true });
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'clone/node_modules'));
}

function stopMillrace(): void {
  try {
    process.kill(Number(readFileSync(path.join(folder, 'pid'), 'utf8')), 'SIGTERM');
  } catch {
    // It was never started, or has ended.
  }
}

describe('a move in nine commands', { skip }, () => {
  const blocks = docBlocks(readFileSync(path.join(ROOT, 'docs/moving-from-hubspot.md'), 'utf8'));
  const box = blocks.find((block) => block.kind === 'not run' && block.reason.includes('hubspot-first-hour'));
  const commands = (box?.text ?? '').replaceAll('\\\n', '').trim().split('\n');

  test('is no more than nine', () => {
    assert.equal(box?.line, blocks[0]?.line, 'the box is on top of the page');
    assert.ok(commands.length <= MOST_COMMANDS, commands.join('\n'));
  });

  test('leads from an empty folder to a page whose functions answer', async (context) => {
    makeClone();
    const startedAt = Date.now();
    const script = `${prelude()}${commandsOf(box?.text ?? '')}\necho THEIRS; hs secret list`;
    const env = { PATH: process.env.PATH, LANG: 'C.UTF-8' };
    const shell = spawn('bash', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => (printed += chunk));
    const timer = setTimeout(() => shell.kill('SIGKILL'), GIVE_UP_AFTER_MS);
    const [code] = (await once(shell, 'exit')) as [number | null];
    clearTimeout(timer);
    assert.equal(code, 0, printed);
    context.diagnostic(
      `the nine commands took ${Math.round((Date.now() - startedAt) / 1000)} s of the machine`,
    );
    assert.match(printed, /2 of 2 endpoints are live/);
    // The shell's own hs still speaks to HubSpot, with the key of HubSpot.
    const theirs = printed.slice(printed.indexOf('THEIRS'));
    assert.match(theirs, /Secrets for account/);
    assert.ok(!theirs.includes('API_KEY'), theirs);
    assert.match(printed, /Packages of my-theme\/api\.functions: installed\./);

    const page = await browser.context.newPage();
    await page.goto(`http://${SITE}:${ports.site}/`);
    await page.waitForSelector('#said:not(:empty)', { state: 'attached' });
    assert.deepEqual(JSON.parse((await page.textContent('#said')) ?? ''), {
      ...{ email: 'ann@example.com', leftRight: 'left-right 3', key: SECRET.length },
    });
  });

  test('shows functions their visitor’s address, and leaves what is configured for HubSpot alone', () => {
    const args = ['-s', '--interface', '127.0.0.9', '-H', `Host: ${SITE}`];
    const said = execFileSync('curl', [...args, `http://127.0.0.1:${ports.site}/_hcms/api/visitor`]);
    assert.deepEqual(JSON.parse(said.toString()), { address: '127.0.0.9', accountId: 1001 });
    const configuration = readFileSync(path.join(folder, 'home/.hscli/config.yml'), 'utf8');
    assert.ok(
      configuration.includes(ADMIN_TOKEN) && configuration.match(/accountId/g)?.length === 1,
      configuration,
    );
  });
});
