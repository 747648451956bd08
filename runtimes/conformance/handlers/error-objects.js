const kinds = {
  number: () => 42,
  boolean: () => false,
  object: () => ({ code: 7 }),
  array: () => [1, 2],
  symbol: () => Symbol('s'),
  bigint: () => 9n,
  function: () => function named() {},
  nullPrototype: () => Object.create(null),
  throwingGetter: () =>
    Object.defineProperty(new Error('x'), 'message', {
      get() {
        throw new Error('no message for you');
      },
    }),
  throwingProxy: () =>
    new Proxy(
      {},
      {
        get() {
          throw new Error('no member for you');
        },
      },
    ),
  errorLike: () => ({ name: 'Custom', message: 'like an error', stack: 'Custom: like an error\n    at nowhere' }),
  namedError: () => Object.assign(new Error('renamed'), { name: 'SaleError' }),
  subclass: () => new (class PaymentError extends Error {})('declined'),
  noStack: () => Object.defineProperty(new Error('bare'), 'stack', { value: undefined }),
  numberName: () => Object.assign(new Error('odd'), { name: 5 }),
  otherRealm: () => require('node:vm').runInNewContext("new RangeError('from elsewhere')"),
  huge: () => new Error('\u0001'.repeat(5000000)),
};
exports.handler = async (kind) => {
  throw kinds[kind]();
};
