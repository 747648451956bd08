exports.waits = (event, context, callback) => {
  setTimeout(() => {}, event.ms);
  callback(null, [event.name, context.callbackWaitsForEmptyEventLoop]);
};
exports.never = (event, context, callback) => {
  if (event.name === 'ends') setTimeout(() => callback(null, 'ended'), event.ms);
};
