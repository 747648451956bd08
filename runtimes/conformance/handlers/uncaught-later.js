exports.handler = (event, context, callback) => {
  setTimeout(() => {
    throw new RangeError('later');
  }, 5);
  if (event === 'held') callback(null, 'held');
};
