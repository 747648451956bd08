import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  findCommand,
  findNode,
  firstMissingPackage,
  parseRegistrySettings,
  sandboxPackages,
} from './install.mjs';

describe('what npm has to install', () => {
  const wanted = {
    packages: {
      '': { version: '1.0.0' },
      contract: { version: '1.0.0' },
      'node_modules/a': { version: '1.2.3' },
      'node_modules/b': { version: '2.0.0', optional: true },
    },
  };
  const installed = { packages: { 'node_modules/a': { version: '1.2.3' } } };

  test('is everything where nothing is there', () => {
    assert.equal(firstMissingPackage(wanted, null), 'there are none yet');
  });
  test('is nothing where the versions agree, optional packages aside', () => {
    assert.equal(firstMissingPackage(wanted, installed), null);
  });
  test('is what is missing', () => {
    assert.equal(firstMissingPackage(wanted, { packages: {} }), 'a is missing');
  });
  test('is nothing to start with where development’s packages alone are missing', () => {
    const withDev = { packages: { ...wanted.packages, 'node_modules/c': { version: '3.0.0', dev: true } } };
    assert.equal(firstMissingPackage(withDev, installed, true), null);
    assert.equal(firstMissingPackage(withDev, installed), 'c is missing');
  });
  test('is what has another version', () => {
    const older = { packages: { 'node_modules/a': { version: '1.2.2' } } };
    assert.equal(firstMissingPackage(wanted, older), 'a 1.2.3 is wanted');
  });
});

describe('the registry settings for the server', () => {
  test('are those that npm has a value for', () => {
    const said = [
      'registry=https://packages.example.test/npm/',
      'cafile=null',
      'https-proxy=http://proxy.example.test:3128',
      'noproxy=',
      'strict-ssl=true',
    ].join('\n');
    assert.deepEqual(parseRegistrySettings(said), {
      npm_config_registry: 'https://packages.example.test/npm/',
      npm_config_https_proxy: 'http://proxy.example.test:3128',
      npm_config_strict_ssl: 'true',
    });
  });
  test('leave out everything else', () => {
    assert.deepEqual(parseRegistrySettings('//packages.example.test/:_authToken=secret\nfund=false\n'), {});
  });
});

test('a command is found in PATH or not at all', () => {
  assert.match(findCommand('sh') ?? '', /\/sh$/);
  assert.equal(findCommand('no-such-command-anywhere'), null);
});

test('the Node that runs the server is at least 24', async () => {
  const { execFileSync } = await import('node:child_process');
  const said = execFileSync(findNode(), ['--version'], { encoding: 'utf8' });
  assert.ok(Number.parseInt(said.slice(1), 10) >= 24, said);
});

test('sandboxes of each kind get the packages that they are made of, and no others', () => {
  const commands = (env: Record<string, string>): string[] =>
    sandboxPackages(env).map(({ command }: { command: string }) => command);
  assert.deepEqual(commands({ MILLRACE_SANDBOX: 'none' }), []);
  assert.ok(commands({}).includes('bwrap') && !commands({}).includes('runc'));
  const oci = commands({ MILLRACE_SANDBOX: 'oci' });
  assert.ok(oci.includes('runc') && oci.includes('nft') && !oci.includes('bwrap'));
  assert.ok(!commands({ MILLRACE_SANDBOX: 'oci', MILLRACE_OCI_RUNTIME: 'crun' }).includes('runc'));
});
