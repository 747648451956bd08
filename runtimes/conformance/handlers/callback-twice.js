exports.handler = (event, context, callback) => {
  callback(null, 'first');
  callback(null, 'second');
  callback(new Error('third'));
};
