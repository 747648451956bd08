exports.handler = (event, context, callback) => {
  setInterval(() => {}, 1000);
  context.callbackWaitsForEmptyEventLoop = false;
  callback(null, 'at once');
};
