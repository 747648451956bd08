exports.handler = (event, context, callback) => {
  callback(null, 'kept');
  throw new Error('ignored');
};
