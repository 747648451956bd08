import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fingerprintOf, messagePattern } from './error-fingerprint.ts';
import { innermostOwn, stackFrames } from './stack-frames.ts';

const NODE = `TypeError: no
    at JSON.parse (<anonymous>)
    at get (/var/task/node_modules/axios/index.js:10:1)
    at async readOrder (file:///var/task/lib/orders.mjs:12:9)
    at /var/task/index.js:3:9
    at Runtime.handleOnce (node:internal/x:1:2)`;
const PYTHON = `  File "/var/task/lambda_function.py", line 3, in handler
    return read()
  File "/var/task/shop/orders.py", line 12, in read
    raise ValueError("no")
  File "/var/lang/lib/python3.11/json/decoder.py", line 337, in decode
    obj, end = self.raw_decode(s)`;
const JAVA = `java.base/java.util.ArrayList.get(ArrayList.java:1)
java.util.Objects.requireNonNull(Objects.java:2)
com.example.Orders.read(Orders.java:12)
com.example.Handler.handle(Handler.java:3)`;
const DOTNET = `   at System.Int32.Parse(String s)
   at Shop.Orders.Read(String id) in /src/Orders.cs:line 12
   at Shop.Handler.Handle(Order order)`;

describe('the innermost frame of a function', () => {
  test('is the one that is no package, no runtime and no standard library, in each language', () => {
    const own = [NODE, PYTHON, JAVA, DOTNET].map((stack) => innermostOwn(stack));
    assert.deepEqual(
      own.map((frame) => [frame?.file, frame?.line, frame?.name]),
      [
        ['lib/orders.mjs', 12, 'readOrder'],
        ['shop/orders.py', 12, 'read'],
        ['Orders.java', 12, 'com.example.Orders.read'],
        ['/src/Orders.cs', 12, 'Shop.Orders.Read'],
      ],
    );
    assert.equal(innermostOwn('Error: no\n  nothing of the kind'), null);
  });

  test('is found in any text, of any length, in no time to speak of', () => {
    for (const text of ['at '.repeat(100_000), `at ${'('.repeat(50_000)}`, 'File "'.repeat(50_000)]) {
      assert.ok(stackFrames(`${text}\n${NODE}`).length >= 4);
    }
  });
});

describe('errors are alike', () => {
  const error = (message: string, stack = NODE) => ({ type: 'TypeError', message, stack });
  const idOf = (message: string, stack = NODE, fn = 'f'): string =>
    fingerprintOf(fn, error(message, stack)).id;

  test('whose messages differ in numbers, ids, times and addresses', () => {
    const alike = [
      ['order 7 of 12.5', 'order 1888 of 3'],
      ['no 01a20357-0dc2-7ddd-a83f-f30f0b5f5767', 'no 01a20357-0dc2-7ddd-a83f-f30f0b5f5799'],
      ['mail to ann@shop.example failed', 'mail to bob@mail.shop.example failed'],
      ['GET https://a.example/x?y=1', 'GET http://b.example/'],
      ['at 2026-11-17T08:00:00Z', 'at 2026-12-01 09:30:00.125'],
      ['key A7bC9dE1fG2h3', 'key 0118109048334HfN3oRTa6'],
    ];
    for (const [one = '', other = ''] of alike) {
      assert.equal(messagePattern(one), messagePattern(other));
      assert.equal(idOf(one), idOf(other));
    }
  });

  test('whose lines have moved, but not those of another place, type or function', () => {
    assert.equal(idOf('no'), idOf('no', NODE.replace('mjs:12:9', 'mjs:40:1')));
    assert.notEqual(idOf('no'), idOf('no', NODE.replace('readOrder', 'writeOrder')));
    assert.notEqual(idOf('no'), idOf('no', NODE, 'g'));
    assert.notEqual(idOf("reading 'shop'"), idOf("reading 'order'"));
  });
});
