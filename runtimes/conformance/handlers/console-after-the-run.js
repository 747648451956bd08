exports.handler = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  if (event === 'first') setImmediate(() => setImmediate(() => console.log('stray')));
  callback(null, null);
};
