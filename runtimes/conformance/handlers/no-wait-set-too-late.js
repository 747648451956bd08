exports.handler = (event, context, callback) => {
  const timer = setTimeout(() => console.log('timer first'), 20);
  callback(null, 'held');
  context.callbackWaitsForEmptyEventLoop = false;
  void timer;
};
