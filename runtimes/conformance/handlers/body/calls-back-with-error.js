const circular = { name: 'me' };
circular.self = circular;
const kinds = {
  string: 'Something went wrong.',
  empty: '',
  error: new TypeError('no such sale'),
  object: { code: 404, message: 'no such sale' },
  list: ['a', 1],
  number: 7,
  boolean: false,
  circular,
  json: { toJSON: () => ({ shown: true }) },
  throwing: { toJSON: () => { throw new Error('no'); } },
};
callback(kinds[event.data]);
