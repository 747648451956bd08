import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FoundPython } from '../contract/pythons.ts';
import { jailEngine, runtimeProcess } from './jail-engine.ts';

const DISTRIBUTION: FoundPython = {
  ...{ version: '3.11', exact: '3.11.2', prefix: '/usr' },
  ...{ binary: 'bin/python3.11', standardLibrary: 'lib/python3.11', sharedLibrary: null },
};
const OTHER: FoundPython = {
  ...{ version: '3.8', exact: '3.8.18', prefix: '/home/a/.pyenv/versions/3.8.18', binary: 'bin/python3.8' },
  ...{ standardLibrary: 'lib/python3.8', sharedLibrary: 'lib/libpython3.8.so.1.0' },
};
const site = {
  builds: { node: '/opt/n/bin/node' },
  enginesDir: '/engines',
  pythons: [OTHER, DISTRIBUTION],
  dotnets: {
    engines: [
      {
        version: '8',
        exact: '8.0.20',
        root: '/usr/lib/dotnet',
        parts: [],
        folder: 'dotnet-8.0.20-0123456789ab',
      },
    ],
    ...{ compiler: null, hasIcu: true },
  },
  javas: {
    engines: [{ version: '17', exact: '17.0.15', home: '/jvm/17', folder: 'java-17.0.15-0123456789ab' }],
    compilerHome: null,
  },
  hasExtraCaCerts: false,
};
const node = { engine: 'node-20', limits: { memoryMb: 256 } } as const;

test('the heap is four fifths of the memory', () => {
  const { command } = runtimeProcess(node, site);
  assert.equal(command[1], '--max-old-space-size=204');
});

test('the runtime starts with no variable but the extra certificates', () => {
  const start = (hasExtraCaCerts: boolean) => runtimeProcess(node, { ...site, hasExtraCaCerts });
  assert.deepEqual(start(false).environment, {});
  assert.deepEqual(start(true).environment, { NODE_EXTRA_CA_CERTS: '/etc/ssl/millrace-extra.pem' });
});

test('of a Python that is not the distribution’s, program and libraries appear in the jail and nothing else', () => {
  const { from, mounts } = jailEngine(site, 'python-3.8');
  assert.deepEqual(from, { root: '/home/a/.pyenv/versions', relative: '3.8.18', kind: 'directory' });
  assert.deepEqual(
    mounts.map(({ at }) => at),
    [
      '/opt/millrace/engine/python/bin/python3.8',
      '/opt/millrace/engine/python/lib/python3.8',
      '/opt/millrace/engine/python/lib/libpython3.8.so.1.0',
    ],
  );
  const { command, environment } = runtimeProcess({ ...node, engine: 'python-3.8' }, site);
  assert.equal(command[0], '/opt/millrace/engine/python/bin/python3.8');
  assert.deepEqual(environment, { LD_LIBRARY_PATH: '/opt/millrace/engine/python/lib' });
});

test('the distribution’s Python finds its libraries where the distribution has them', () => {
  const { from, mounts } = jailEngine(site, 'python-3.11');
  assert.deepEqual(from, { root: '/usr', relative: 'bin/python3.11', kind: 'file' });
  assert.deepEqual(mounts, [{ below: '', at: '/opt/millrace/engine/python/bin/python3.11', kind: 'file' }]);
});

test('of .NET what was put together for functions appears, and the heap is four fifths of the memory', () => {
  const { from, mounts, hidden } = jailEngine(site, 'dotnet-8');
  assert.deepEqual(from, { root: '/engines', relative: 'dotnet-8.0.20-0123456789ab', kind: 'directory' });
  const at = '/opt/millrace/engine/dotnet';
  assert.deepEqual([mounts, hidden], [[{ below: '', at, kind: 'directory' }], []]);
  const { command, environment } = runtimeProcess({ ...node, engine: 'dotnet-8' }, site);
  assert.deepEqual(command, [`${at}/dotnet`, `${at}/millrace/millrace-host.dll`]);
  assert.equal(Number.parseInt(environment.DOTNET_GCHeapHardLimit ?? '', 16), 204 * 1024 * 1024);
  assert.equal(environment.DOTNET_EnableDiagnostics, '0');
});

test('of Java what was put together for functions appears, and its process starts in the function’s folder', () => {
  const { from, mounts, hidden } = jailEngine(site, 'java-17');
  assert.deepEqual(from, { root: '/engines', relative: 'java-17.0.15-0123456789ab', kind: 'directory' });
  const at = '/opt/millrace/engine/java';
  assert.deepEqual([mounts, hidden], [[{ below: '', at, kind: 'directory' }], []]);
  const { command, directory } = runtimeProcess({ ...node, engine: 'java-17' }, site);
  assert.deepEqual(
    [command[0], command[1], command.at(-1)],
    [`${at}/bin/java`, '-Xmx168m', `${at}/millrace-runtime.jar`],
  );
  assert.ok(command.includes('-Djavax.net.ssl.trustStore=/etc/ssl/certs/java/cacerts'));
  assert.equal(directory, '/var/task');
});

test('a Python that the machine has not got is refused', () => {
  assert.throws(() => jailEngine(site, 'python-3.9'), /there is no python-3\.9 on this machine/);
});

test('a program of the function’s own has the Node beside it that Millrace runs on', () => {
  assert.deepEqual(jailEngine(site, 'provided').from, { root: '/opt/n/bin', relative: 'node', kind: 'file' });
});
