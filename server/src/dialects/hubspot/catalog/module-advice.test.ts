import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { moduleAdvice } from './module-advice.ts';

const FOLDER = 'theme/api.functions';
const REQUIRED = "Error: Cannot find module 'lodash/fp'\nRequire stack:\n- /var/task/a.js";

describe('the advice on a module that is not there', () => {
  for (const [title, message, words] of [
    [
      'a package that is required',
      REQUIRED,
      /^What to do: name lodash under .*`hs cms function deploy theme\/api\.functions/,
    ],
    ['a package of a scope', "Cannot find module '@acme/tools/x'", /name @acme\/tools under/],
    ['one that is imported', "Cannot find package 'ky' imported from /var/task/a.js", /name ky under/],
    ['a file', "Error: Cannot find module './lib/a'\nRequire stack:", /upload the file \.\/lib\/a to theme/],
    [
      'an imported file',
      "Cannot find module '/var/task/lib/a.mjs' imported from /var/task/a.js",
      /file lib\/a\.mjs/,
    ],
    ['the handler’s own file', "Error: Cannot find module '/var/task/a'", /upload the file a to theme/],
  ] as const) {
    test(`says of ${title} how it comes there`, () => {
      assert.match(moduleAdvice({ message }, FOLDER) ?? '', words);
    });
  }

  test('names the command of a project where the folder is one’s', () => {
    const advice = moduleAdvice({ message: REQUIRED }, '@projects/shop/src/app/x.functions');
    assert.match(advice ?? '', /run `hs project upload --use-env` for shop/);
  });

  for (const message of ['boom', 'we said: Cannot find module it', "TypeError: Cannot find module's name"]) {
    test(`is none where the error is another: ${message}`, () => {
      assert.equal(moduleAdvice({ message }, FOLDER), null);
    });
  }
});
