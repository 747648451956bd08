// Every way for a RevCent function to end its run, or not to: read by revcent-life.test.ts.

/** Code, and what becomes of the run: its status, and the answer's text or the error's message. */
export const ENDINGS: [does: string, code: string, status: string, told: RegExp][] = [
  ['returns an object', `callback(null, { a: [1] })`, 'succeeded', /^{"a":\[1\]}$/],
  ['returns a text', `callback(null, 'OK')`, 'succeeded', /^OK$/],
  ['calls back with nothing', `callback()`, 'succeeded', /^$/],
  ['calls back twice', `callback(null, 'first'); callback('second')`, 'succeeded', /^first$/],
  [
    'throws after its callback',
    `callback(null, 'before'); throw new Error('after')`,
    'succeeded',
    /^before$/,
  ],
  [
    'responds with what needs toJSON',
    `callback(null, { toJSON: () => ({ status: 200 }) })`,
    'succeeded',
    /^{"status":200}$/,
  ],
  ['leaves a timer behind', `setInterval(() => {}, 1000); callback(null, 'done')`, 'succeeded', /^done$/],
  [
    'leaves a socket behind',
    `process.getBuiltinModule('net').createServer().listen(0, () => callback(null, 'done'))`,
    'succeeded',
    /^done$/,
  ],
  [
    'calls back with a text as its error',
    `callback('Something went wrong.')`,
    'failed',
    /^Something went wrong\.$/,
  ],
  ['calls back with an error', `callback(new TypeError('no such sale'))`, 'failed', /^no such sale$/],
  ['calls back with an object as its error', `callback({ code: 7 })`, 'failed', /"code":7/],
  ['never calls back', `[].forEach(() => callback(null, 'never'))`, 'failed', /callback was never called/],
  ['throws', `const a = null;\na.b()`, 'failed', /Cannot read properties of null/],
  ['throws in a callback', `setTimeout(() => {\n  throw new Error('later')\n}, 5)`, 'failed', /^later$/],
  [
    'rejects a promise',
    `(async () => { throw new Error('nobody listens') })()`,
    'failed',
    /^nobody listens$/,
  ],
  [
    'responds with what is no JSON',
    `const a = {}; a.a = a; callback(null, a)`,
    'failed',
    /response can't be written as JSON/,
  ],
  ['requires', `const _ = require('lodash')`, 'failed', /require is not available here.*global\['lodash'\]/],
  [
    'imports',
    `import('lodash').then(callback)`,
    'failed',
    /import\(\) is not available here.*global\['name'\]/,
  ],
  ['ends its process', `process.exit(3)`, 'crashed|failed', /exit/i],
];
