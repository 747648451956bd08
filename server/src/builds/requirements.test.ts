import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { areThere, readRequirements } from './requirements.ts';

function refusal(file: string): string {
  try {
    readRequirements(file);
  } catch (error) {
    assert.ok(error instanceof Failure);
    assert.deepEqual([error.code, error.field], ['invalid_input', 'file']);
    return error.message;
  }
  return 'taken';
}

describe('requirements.txt', () => {
  it('is read with comments, continued lines, extras, markers and hashes', () => {
    const hash = `--hash=sha256:${'ab'.repeat(32)}`;
    const file = `\uFEFF# all\r\nRequests[socks] >= 2, <3  # http\r\n\r\nsix==1.16.0 \\\r\n  ${hash} \\\r\n  ${hash}\r\ntomli; python_version < "3.11"\r\nold_name (~=1.0)`;
    const { text, dependencies } = readRequirements(file);
    assert.deepEqual(dependencies, {
      requests: '>= 2, <3',
      six: '==1.16.0',
      tomli: '*',
      'old-name': '(~=1.0)',
    });
    assert.equal(text.split('\n').length, 5);
    assert.match(text, /^six==1\.16\.0.*--hash.*--hash/m);
    assert.deepEqual(readRequirements('\n# nothing\n').dependencies, {});
  });

  it('is refused where a line asks for anything but the index, by its number', () => {
    for (const line of [
      ...['-r base.txt', '--requirement=base.txt', '-e .', '-c limits.txt', '--index-url https://a.example'],
      ...[
        '--extra-index-url=https://a.example',
        '--find-links .',
        '--no-binary :all:',
        '-i https://a.example',
      ],
      ...[
        'https://a.example/a.whl',
        'git+https://a.example/b',
        'a @ https://a.example/a.whl',
        'a@ file:///etc',
      ],
      ...[
        '.',
        './a',
        '../a',
        '/etc/a.whl',
        '~/a',
        'a.whl',
        'a/b',
        'lib.tar.gz',
        'a --global-option=x',
        'a b',
      ],
      ...[
        'six; python_version > "3" --install-option=x',
        '$NAME',
        'a==$(id)',
        'six; os_name != "\u2028--pre"',
        `six${' '.repeat(9)}==${'1'.repeat(1000)}`,
        'six==1 -r other.txt',
      ],
    ]) {
      assert.match(refusal(`six\n\n${line}\n`), /^requirements\.txt: line 3 \(/, line);
    }
  });

  it('is bounded', () => {
    assert.match(refusal('six\n'.repeat(501)), /more than 500 requirements/);
    assert.match(refusal(`#${'x'.repeat(256 * 1024)}`), /larger than/);
  });

  it('is met where the dist-info of each lies at the root', () => {
    const wanted = readRequirements('Old_Name==1\nrequests\n');
    const paths = [
      'old_name-1.0.dist-info/METADATA',
      'requests-2.32.3.dist-info/RECORD',
      'requests/__init__.py',
    ];
    assert.equal(areThere(wanted, paths), true);
    assert.equal(areThere(wanted, paths.slice(1)), false);
    assert.equal(
      areThere(
        wanted,
        paths.map((path) => `lib/${path}`),
      ),
      false,
    );
  });
});
