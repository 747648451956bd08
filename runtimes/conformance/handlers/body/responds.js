const kinds = {
  string: 'OK',
  number: 3,
  list: [1, { a: null }],
  object: { a: { b: 1 } },
  nothing: undefined,
  null: null,
  date: new Date(0),
  buffer: Buffer.from('a'),
  json: { toJSON: () => ({ statusCode: 200 }) },
};
callback(undefined, kinds[event.data]);
